package diversity

import (
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// Compressor is the only one that Compression uses; it is part of the names of its series. Other compressors and levels give
// other ratios.
const Compressor = "zstd3"

// Compression is the number of bytes over that after compression by zstd at level 3 (klauspost/compress, SpeedDefault, one
// thread, window 8 MiB): high where texts repeat each other. Compare only at equal size. An empty text has 0.
func Compression(texts []byte) (float64, error) {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(8<<20))
	if err != nil {
		return 0, fmt.Errorf("zstd: %w", err)
	}
	if len(texts) == 0 {
		return 0, nil
	}
	return float64(len(texts)) / float64(len(e.EncodeAll(texts, nil))), nil
}
