package read

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds what a zstd stream may make us hold (its own default for readers is the same).
const maxWindow = 128 << 20

// A growth bounds what a compressed stream may grow to: a few kilobytes can stand for petabytes.
type growth struct {
	total int64 // bytes that no stream may grow beyond
	ratio int64 // times its compressed size, …
	from  int64 // … which counts from this many bytes on
}

// allowed is far beyond what real files come to: text shrinks to a third or a twentieth, long runs of one value to 1/500.
var allowed = growth{total: 64 << 30, ratio: 1000, from: 1 << 30}

// decompressed undoes gzip and zstd, which it knows by their first bytes and not by a name. compressed says whether it did.
func decompressed(r io.Reader, g growth) (text *bufio.Reader, compressed bool, close func(), err error) {
	raw := &bytesRead{from: r}
	in := bufio.NewReaderSize(raw, 1<<18)
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte("\x1f\x8b")):
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, false, nil, fmt.Errorf("gzip: %w", err)
		}
		return bufio.NewReaderSize(&grown{growth: g, name: "gzip", r: z, raw: raw}, 1<<18), true, func() {}, nil
	case bytes.Equal(magic, []byte("\x28\xb5\x2f\xfd")):
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, false, nil, fmt.Errorf("zstd: %w", err)
		}
		return bufio.NewReaderSize(&grown{growth: g, name: "zstd", r: z, raw: raw}, 1<<18), true, z.Close, nil
	}
	return in, false, func() {}, nil
}

// bytesRead counts what is read through it.
type bytesRead struct {
	from io.Reader
	n    int64
}

func (b *bytesRead) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	b.n += int64(n)
	return n, err
}

// grown says in errors which decompressor met them (a file cut short is "gzip: unexpected EOF"), and refuses to go on
// where a stream grows beyond what is allowed.
type grown struct {
	growth
	name string
	r    io.Reader
	raw  *bytesRead
	n    int64
}

func (g *grown) Read(b []byte) (int, error) {
	k, err := g.r.Read(b)
	g.n += int64(k)
	switch {
	case g.n > g.total:
		return 0, fmt.Errorf("%s: grows beyond %d GiB: decompress it first, or read parts of it", g.name, g.total>>30)
	case g.n > g.from && g.n/g.ratio > g.raw.n:
		return 0, fmt.Errorf("%s: grows beyond %d times its size: is it meant to exhaust the machine? If not, decompress it first", g.name, g.ratio)
	case err != nil && err != io.EOF:
		err = fmt.Errorf("%s: %w (is the file cut short?)", g.name, err)
	}
	return k, err
}
