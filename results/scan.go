package results

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"modelcollapse/internal/journal"
)

// A located cell is a sealed one and where its lines are.
type located struct {
	Seal
	file       string
	from, size int64  // of its lines in the file; the seal follows
	whole      int64  // with the seal
	trailer    string // digest of the seal's line
}

// A Damage is a place where sealed bytes were changed, cut or lost.
type Damage struct {
	File string // in the run folder
	Cell string // empty when the bytes no longer say
	Err  error
}

func (d Damage) Error() string {
	if d.Cell != "" {
		return fmt.Sprintf("%s: cell %s: %v", d.File, d.Cell, d.Err)
	}
	return fmt.Sprintf("%s: %v", d.File, d.Err)
}

// A scan is what one file of cells holds.
type scan struct {
	cells  []located
	damage []Damage
	good   int64 // bytes up to and with the last good seal
	size   int64
}

var errUnsealed = errors.New("lines that no seal covers: a seal was changed or lost")

// scanFile reads cells one after another, each some lines and its seal. What follows the last seal is the tail
// of a writer that was killed, and damage only if a whole line of it is.
func scanFile(file string, r io.Reader) (s scan, err error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var cell []byte  // the lines since the last seal
	var starts []int // of each
	for {
		line, err := in.ReadSlice('\n')
		from := len(cell)
		for err == bufio.ErrBufferFull {
			cell = append(cell, line...)
			line, err = in.ReadSlice('\n')
		}
		if err != nil && err != io.EOF {
			return s, err
		}
		cell = append(cell, line...)
		s.size += int64(len(cell) - from)
		if line = cell[from:]; err == nil && isSeal(line) {
			var seal Seal
			if journal.ParseObject(line, &seal) == nil {
				s.close(file, cell[:from], starts, line, seal)
				cell, starts = cell[:0], starts[:0]
				continue
			}
		}
		if err == io.EOF {
			s.tail(file, cell)
			return s, nil
		}
		starts = append(starts, from)
	}
}

// close checks a cell against its seal; body is all since the seal before.
func (s *scan) close(file string, body []byte, starts []int, line []byte, seal Seal) {
	extra := len(starts) - seal.Lines
	err := journal.ErrDamaged
	if extra >= 0 {
		first := len(body)
		if seal.Lines > 0 {
			first = starts[extra]
		}
		if err = seal.holds(body[first:]); err == nil {
			size := int64(len(body) - first)
			whole := size + int64(len(line))
			s.cells = append(s.cells, located{seal, file, s.size - whole, size, whole, digest(line)})
		}
	}
	switch {
	case err != nil:
		s.damage = append(s.damage, Damage{file, seal.Cell, err})
	case extra > 0:
		s.damage = append(s.damage, Damage{file, "", errUnsealed})
	}
	s.good = s.size
}

func (s *scan) tail(file string, rest []byte) {
	err := journal.Lines(rest, func(line []byte) error {
		if line[len(line)-1] != '\n' {
			return nil
		}
		_, err := journal.CheckCRC(line)
		return err
	})
	if err != nil {
		s.damage = append(s.damage, Damage{file, "", err})
	}
}
