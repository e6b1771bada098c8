package llm

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// A ledger is the journal of calls: an append-only file of records, and where each is.
type ledger struct {
	folder *store.Folder
	lock   *flock.Flock
	name   string
	file   *journal.Journal
	mu     sync.RWMutex
	at     map[short]place
	queue  chan entry
	done   chan struct{}
}

// short is the first half of a key: 2^64 calls before two share it. The record holds the whole.
type short [16]byte

// place is where a line is.
type place struct {
	from int64
	size int32
}

// An entry is a line on its way into the file.
type entry struct {
	line []byte
	done chan<- landing
}

type landing struct {
	from int64
	err  error
}

// openLedger opens a journal, calls each for the head of every record, and cuts what a kill left of the last.
func openLedger(path string, each func(head)) (*ledger, error) {
	folder, err := store.Make(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	l := &ledger{folder: folder, name: filepath.Base(path), at: map[short]place{}, queue: make(chan entry, 256), done: make(chan struct{})}
	if l.lock, err = journal.Lock(folder, l.name+".lock", path); err != nil {
		return nil, errors.Join(err, folder.Close())
	}
	good, err := l.load(each)
	if err != nil {
		return nil, errors.Join(err, l.lock.Unlock(), folder.Close())
	}
	l.file = journal.Resume(folder, l.name, good)
	go l.write()
	return l, nil
}

func (l *ledger) load(each func(head)) (good int64, err error) {
	f, err := l.folder.Open(l.name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<18)
	var long []byte
	for n := 1; ; n++ {
		line, err := readLine(in, &long)
		if err == io.EOF {
			return good, l.torn(line, n, good)
		}
		if err != nil {
			return good, err
		}
		if err := l.take(line, good, each); err != nil {
			return good, l.damaged(n, good, err)
		}
		good += int64(len(line))
	}
}

func readLine(in *bufio.Reader, long *[]byte) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return line, err
	}
	*long = (*long)[:0]
	for err == bufio.ErrBufferFull {
		*long = append(*long, line...)
		line, err = in.ReadSlice('\n')
	}
	*long = append(*long, line...)
	return *long, err
}

func (l *ledger) take(line []byte, from int64, each func(head)) error {
	body, err := journal.CheckCRC(line)
	if err != nil {
		return err
	}
	h, err := readHead(body)
	if err != nil {
		return err
	}
	if h.Done != "" {
		if _, twice := l.at[shorten(h.Done)]; !twice {
			l.at[shorten(h.Done)] = place{from, int32(len(line))}
		}
	}
	each(h)
	return nil
}

// torn is nil for what a kill leaves behind the last line: the beginning of one. A whole line whose end alone differs is damage.
func (l *ledger) torn(rest []byte, n int, at int64) error {
	if len(rest) == 0 {
		return nil
	}
	if _, err := journal.CheckCRC(append(bytes.Clone(rest[:len(rest)-1]), '\n')); err == nil {
		return l.damaged(n, at, journal.ErrDamaged)
	}
	return nil
}

func (l *ledger) damaged(n int, at int64, err error) error {
	return fmt.Errorf("%s: line %d (byte %d): %w: restore the file, or delete that line to pay for its call again", l.folder.Path(l.name), n, at, err)
}

func shorten(key string) (s short) {
	hex.Decode(s[:], []byte(key[:2*len(s)]))
	return s
}

// has says where the record of a call is.
func (l *ledger) has(sum [32]byte) (place, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	p, ok := l.at[short(sum[:16])]
	return p, ok
}

// read returns the head of a record and its answer.
func (l *ledger) read(p place, key string) (h head, raw []byte, err error) {
	line := make([]byte, p.size)
	if n, err := l.file.ReadAt(line, p.from); n < len(line) {
		return h, nil, fmt.Errorf("%s: the record at byte %d: %w", l.folder.Path(l.name), p.from, err)
	}
	body, err := journal.CheckCRC(line)
	if err == nil {
		h, err = readHead(body)
	}
	if err == nil && h.Done != key {
		err = errors.New("it is that of another call")
	}
	if err != nil {
		return h, nil, fmt.Errorf("%s: the record at byte %d: %w", l.folder.Path(l.name), p.from, err)
	}
	raw, err = response(body)
	return h, raw, err
}

// append returns when the line is written.
func (l *ledger) append(line []byte, h head) error {
	done := make(chan landing, 1)
	l.queue <- entry{line, done}
	w := <-done
	if w.err == nil && h.Done != "" {
		l.mu.Lock()
		l.at[shorten(h.Done)] = place{w.from, int32(len(line))}
		l.mu.Unlock()
	}
	return w.err
}

// write is the one writer: whatever waits goes into one write, and an fsync delays nobody twice.
func (l *ledger) write() {
	defer close(l.done)
	for first := range l.queue {
		batch := []entry{first}
		b := first.line
		for more := true; more; {
			select {
			case e, open := <-l.queue:
				if more = open; open {
					batch, b = append(batch, e), append(b, e.line...)
				}
			default:
				more = false
			}
		}
		from, err := l.file.Append(b)
		for _, e := range batch {
			e.done <- landing{from, err}
			from += int64(len(e.line))
		}
	}
}

// close puts everything on disk. Nobody may append any more.
func (l *ledger) close() error {
	close(l.queue)
	<-l.done
	return errors.Join(l.file.Close(), l.lock.Unlock(), l.folder.Close())
}
