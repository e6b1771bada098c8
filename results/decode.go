package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"modelcollapse/internal/journal"
)

var errForm = errors.New("not a record line")

// ParseRecord reads one line that AppendRecord wrote, line end included, into r, whose slices are reused. An
// error says that the line was changed or cut, or is no record; then r is not to be used.
func ParseRecord(line []byte, r *Record) error {
	return new(decoder).record(line, r)
}

// A decoder reads the lines of one file after another: it keeps one string a series name.
type decoder struct {
	rest  []byte
	names map[string]string
	bad   bool
}

func (d *decoder) record(line []byte, r *Record) error {
	body, err := journal.CheckCRC(line)
	if err != nil {
		return err
	}
	d.rest, d.bad = body, false
	*r = Record{Draws: r.Draws[:0], Values: r.Values[:0]}
	d.want(`{"g":`)
	r.Generation = int(d.integer())
	if d.skip(`,"draws":[`) {
		for more := true; more; more = d.next() {
			r.Draws = append(r.Draws, d.realised())
		}
	}
	if d.skip(`,"v":[`) {
		for more := true; more; more = d.next() {
			r.Values = append(r.Values, d.value())
		}
	}
	if d.skip(`,"note":`) {
		r.Note = string(d.text())
	}
	if d.bad || len(d.rest) > 0 || r.Generation < 0 {
		return errForm
	}
	return nil
}

func (d *decoder) fail() { d.bad, d.rest = true, nil }

// skip moves past s if it comes next.
func (d *decoder) skip(s string) bool {
	if len(d.rest) >= len(s) && string(d.rest[:len(s)]) == s {
		d.rest = d.rest[len(s):]
		return true
	}
	return false
}

func (d *decoder) want(s string) {
	if !d.skip(s) {
		d.fail()
	}
}

// next says whether a list goes on, and moves past the comma or the bracket.
func (d *decoder) next() bool {
	if d.skip(",") {
		return true
	}
	d.want("]")
	return false
}

func (d *decoder) realised() (r Realised) {
	d.want("[")
	r.Real = d.integer()
	d.want(",")
	r.Synthetic = d.integer()
	d.want(",")
	r.Past = d.integer()
	d.want(",")
	r.Dropped = d.integer()
	d.want("]")
	return r
}

func (d *decoder) value() (v Value) {
	d.want("[")
	v.Series = d.name()
	d.want(",")
	v.X = d.float()
	if d.skip(",") {
		v.Node = int(d.integer())
	}
	d.want("]")
	return v
}

func (d *decoder) integer() (n int64) {
	i, negative := 0, d.skip("-")
	for ; i < len(d.rest) && '0' <= d.rest[i] && d.rest[i] <= '9'; i++ {
		c := int64(d.rest[i] - '0')
		if n < (math.MinInt64+c)/10 { // counts downwards, because MinInt64 has no negative
			d.fail()
			return 0
		}
		n = n*10 - c
	}
	if i == 0 || !negative && n == math.MinInt64 {
		d.fail()
		return 0
	}
	d.rest = d.rest[i:]
	if negative {
		return n
	}
	return -n
}

func (d *decoder) float() float64 {
	switch {
	case d.skip(`"NaN"`):
		return math.NaN()
	case d.skip(`"+Inf"`):
		return math.Inf(1)
	case d.skip(`"-Inf"`):
		return math.Inf(-1)
	}
	i := 0
	for i < len(d.rest) && (d.rest[i] <= '9' && d.rest[i] >= '+' && d.rest[i] != ',' && d.rest[i] != '/' || d.rest[i] == 'e') {
		i++
	}
	x, err := strconv.ParseFloat(string(d.rest[:i]), 64)
	if err != nil {
		d.fail()
		return 0
	}
	d.rest = d.rest[i:]
	return x
}

// name is text of which one copy is kept.
func (d *decoder) name() string {
	b := d.text()
	if s, ok := d.names[string(b)]; ok {
		return s
	}
	if d.names == nil {
		d.names = map[string]string{}
	}
	s := string(b)
	d.names[s] = s
	return s
}

// text is the string that comes next, as bytes of the line unless it holds an escape.
func (d *decoder) text() []byte {
	if !d.skip(`"`) {
		d.fail()
		return nil
	}
	end := bytes.IndexAny(d.rest, `"\`)
	if end >= 0 && d.rest[end] == '"' {
		s := d.rest[:end]
		d.rest = d.rest[end+1:]
		return s
	}
	for end >= 0 && end < len(d.rest) && d.rest[end] != '"' {
		if d.rest[end] == '\\' {
			end++
		}
		end++
	}
	if end < 0 || end >= len(d.rest) {
		d.fail()
		return nil
	}
	var s string // escapes are rare: notes of a failed fit
	if json.Unmarshal(append(append([]byte{'"'}, d.rest[:end]...), '"'), &s) != nil {
		d.fail()
		return nil
	}
	d.rest = d.rest[end+1:]
	return []byte(s)
}
