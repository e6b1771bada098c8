package read

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	types "github.com/parquet-go/parquet-go/format"
)

// A scale says what the stored numbers of a Parquet column stand for: times factor, through divisor.
type scale struct {
	factor, divisor         float64
	date, unsigned, decimal bool
}

// scaleOf goes by the logical type of a field: dates and times in seconds, decimals by their powers of ten.
func scaleOf(field *parquet.Column) scale {
	s := scale{factor: 1, divisor: 1}
	if !field.Leaf() {
		return s
	}
	if field.Type().Kind() == parquet.Int96 { // a legacy time stamp
		s.date = true
	}
	logical := field.Type().LogicalType()
	if logical == nil {
		return s
	}
	switch l := logical.Value.(type) {
	case *types.DateType:
		s.date, s.factor = true, 86400
	case *types.TimestampType:
		s.date, s.divisor = true, 1e9/float64(l.Unit.Value.Duration())
	case *types.TimeType:
		s.divisor = 1e9 / float64(l.Unit.Value.Duration())
	case *types.DecimalType:
		s.decimal, s.divisor = true, math.Pow10(int(l.Scale))
	case *types.IntType:
		s.unsigned = !l.IsSigned
	}
	return s
}

// A parquetColumn adds the values of one column chunk to a column.
type parquetColumn struct {
	table  *table
	column *column
	scale
	stored parquet.Type
	dict   parquet.Dictionary // whose values are those below
	values dense
	plain  dense // of a page without one
}

// A dense is values without their nulls: numbers, else texts one behind the other.
type dense struct {
	numbers []float64 // nil: texts
	texts   []byte
	ends    []int
	codes   []int64 // of texts: their category, −1 until one is needed
}

func (d *dense) text(i int) []byte {
	from := 0
	if i > 0 {
		from = d.ends[i-1]
	}
	return d.texts[from:d.ends[i]]
}

// page adds the values of a page, nulls where its levels say so.
func (p *parquetColumn) page(page parquet.Page) error {
	values, index := &p.plain, []int32(nil)
	if dict := page.Dictionary(); dict != nil {
		if dict != p.dict {
			p.dict = dict
			if err := p.decode(&p.values, dict.Page()); err != nil {
				return err
			}
		}
		data := page.Data()
		values, index = &p.values, data.Int32()
	} else if err := p.decode(values, page); err != nil {
		return err
	}
	levels := page.DefinitionLevels()
	if len(levels) == 0 {
		return p.all(values, index, int(page.NumValues()))
	}
	at := 0
	for _, level := range levels {
		var err error
		if level == 0 {
			err = p.missing()
		} else {
			err = p.one(values, index, at)
			at++
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// all adds n values without nulls among them.
func (p *parquetColumn) all(values *dense, index []int32, n int) error {
	c := p.column
	if c.Type == undecided && values.numbers != nil && !p.date {
		c.become(Numeric)
	}
	if index == nil && c.Type == Numeric && finite(values.numbers) && len(values.numbers) == n {
		c.Numbers = append(c.Numbers, values.numbers...)
		c.rows += n
		return nil
	}
	for i := range n {
		if err := p.one(values, index, i); err != nil {
			return err
		}
	}
	return nil
}

// finite says whether all of some numbers are.
func finite(numbers []float64) bool {
	for _, x := range numbers {
		if x-x != 0 {
			return false
		}
	}
	return numbers != nil
}

// one adds the i-th value that is no null.
func (p *parquetColumn) one(values *dense, index []int32, i int) error {
	if index != nil {
		i = int(index[i])
	}
	if values.numbers != nil {
		return p.number(values.numbers[i])
	}
	c := p.column
	if c.Type == Category && values.codes[i] >= 0 {
		c.code(uint32(values.codes[i]))
		return nil
	}
	text := values.text(i)
	if p.table.opt.Strict {
		return fmt.Errorf("row %d: %w", c.rows+1, notNumber(c.Name, text))
	}
	if !c.text(text) {
		return p.table.refuse(c, text, p.where)
	}
	if c.Type == Category {
		values.codes[i] = int64(c.Codes[len(c.Codes)-1])
	}
	return nil
}

// number adds a number; NaN is a null.
func (p *parquetColumn) number(x float64) error {
	c := p.column
	switch {
	case x != x:
		return p.missing()
	case math.IsInf(x, 0):
		return fmt.Errorf("%s is not finite: drop the row, or the column by the schema", p.where())
	case c.Type == Numeric || c.Type == Date && p.date:
		c.put(x)
		return nil
	case c.Type == undecided && p.date:
		if p.table.opt.Strict {
			return fmt.Errorf("%s is a date and no number: name other columns", p.where())
		}
		c.become(Date)
		c.put(x)
		return nil
	}
	text := p.written(x)
	if !c.number(x, text) {
		return p.table.refuse(c, text, p.where)
	}
	return nil
}

// missing adds a null, if a null is allowed.
func (p *parquetColumn) missing() error {
	if err := p.table.missing(p.column); err != nil {
		return fmt.Errorf("row %d: %w", p.column.rows+1, err)
	}
	return nil
}

// written is a number as text: dates as ISO 8601 has them, without the time where it is midnight.
func (p *parquetColumn) written(x float64) []byte {
	if !p.date {
		return strconv.AppendFloat(nil, x, 'g', -1, 64)
	}
	whole := math.Floor(x)
	at := time.Unix(int64(whole), int64((x-whole)*1e9)).UTC()
	if math.Mod(x, 86400) == 0 {
		return at.AppendFormat(nil, time.DateOnly)
	}
	return at.AppendFormat(nil, time.RFC3339Nano)
}

// whole says whether the stored values are whole numbers that stand for themselves.
func (p *parquetColumn) whole() bool {
	kind := p.stored.Kind()
	return (kind == parquet.Int32 || kind == parquet.Int64) && !p.date && p.divisor == 1
}

// where is the place of the next value.
func (p *parquetColumn) where() string {
	return fmt.Sprintf("%s, row %d, column %s", p.table.name, p.column.rows+1, p.column.Name)
}

// decode makes numbers or texts of the values of a page.
func (p *parquetColumn) decode(d *dense, page parquet.Page) error {
	d.numbers, d.texts, d.ends, d.codes = d.numbers[:0], d.texts[:0], d.ends[:0], d.codes[:0]
	data := page.Data()
	if p.column.Type == Category && p.whole() { // a float64 would lose digits of names that are long numbers
		return p.others(d, page)
	}
	switch p.stored.Kind() {
	case parquet.Double:
		d.numbers = append(d.numbers, data.Double()...)
		p.rescale(d.numbers)
	case parquet.Float:
		d.numbers = scaled(d.numbers, data.Float(), p.scale)
	case parquet.Int32:
		if p.unsigned {
			d.numbers = scaled(d.numbers, data.Uint32(), p.scale)
		} else {
			d.numbers = scaled(d.numbers, data.Int32(), p.scale)
		}
	case parquet.Int64:
		if p.unsigned {
			d.numbers = scaled(d.numbers, data.Uint64(), p.scale)
		} else {
			d.numbers = scaled(d.numbers, data.Int64(), p.scale)
		}
	case parquet.ByteArray:
		if p.decimal {
			return p.others(d, page)
		}
		p.strings(d, data)
	default:
		return p.others(d, page)
	}
	return nil
}

// scaled appends numbers as they are meant: one rounding each, since powers of ten up to 10^22 are exact.
func scaled[N float32 | int32 | int64 | uint32 | uint64](to []float64, from []N, s scale) []float64 {
	if to == nil {
		to = []float64{} // nil would mean texts
	}
	for _, x := range from {
		to = append(to, float64(x)*s.factor/s.divisor)
	}
	return to
}

func (p *parquetColumn) rescale(x []float64) {
	for i := range x {
		x[i] = x[i] * p.factor / p.divisor
	}
}

// strings takes the texts of a page.
func (p *parquetColumn) strings(d *dense, data encoding.Values) {
	d.numbers = nil
	texts, offsets := data.ByteArray()
	if len(offsets) == 0 {
		return
	}
	d.texts = append(d.texts, texts[offsets[0]:offsets[len(offsets)-1]]...)
	for _, end := range offsets[1:] {
		d.ends, d.codes = append(d.ends, int(end-offsets[0])), append(d.codes, -1)
	}
}
