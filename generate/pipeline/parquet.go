package pipeline

import (
	"encoding/json"
	"io"

	"github.com/parquet-go/parquet-go"
)

// A columnKind is what the values of a column have in common so far.
type columnKind struct{ texts, wholes, numbers, flags, others int }

func (k *columnKind) see(v any) {
	switch x := v.(type) {
	case nil:
	case string:
		k.texts++
	case bool:
		k.flags++
	case json.Number:
		if _, err := x.Int64(); err == nil {
			k.wholes++
		} else if _, err := x.Float64(); err == nil {
			k.numbers++
		} else {
			k.others++
		}
	default:
		k.others++
	}
}

// node is the Parquet type of the column: text unless all values are numbers, or true and false. A list or a map, and
// whatever is mixed, is JSON in a text.
func (k columnKind) node() parquet.Node {
	switch {
	case k.texts+k.others > 0 || k.flags > 0 && k.wholes+k.numbers > 0:
		return parquet.Optional(parquet.String())
	case k.flags > 0:
		return parquet.Optional(parquet.Leaf(parquet.BooleanType))
	case k.numbers > 0:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case k.wholes > 0:
		return parquet.Optional(parquet.Int(64))
	}
	return parquet.Optional(parquet.String())
}

// parquet writes the data set with a type a column.
func (p *Pipeline) parquet(to io.Writer, kinds []columnKind) error {
	group := parquet.Group{
		columnID: parquet.Required(parquet.String()), columnGeneration: parquet.Required(parquet.Int(64)),
		columnShare: parquet.Required(parquet.Leaf(parquet.DoubleType)),
	}
	for i, name := range p.columns {
		group[name] = kinds[i].node()
	}
	schema := parquet.NewSchema("train", group)
	w := parquet.NewWriter(to, schema, parquet.Compression(&parquet.Snappy), parquet.CreatedBy("collapse", "1", ""))
	err := eachKept(p.folder, func(r Record) error {
		row := make(parquet.Row, 0, len(group))
		for i, f := range schema.Fields() {
			row = append(row, cell(r, f).Level(0, level(r, f), i))
		}
		_, err := w.WriteRows([]parquet.Row{row})
		return err
	})
	if err != nil {
		return err
	}
	return w.Close()
}

// level is the definition level of a value: 1 where an optional column has one.
func level(r Record, f parquet.Field) int {
	if f.Optional() && r.Fields[f.Name()] != nil {
		return 1
	}
	return 0
}

// cell is the value of a record in a column.
func cell(r Record, f parquet.Field) parquet.Value {
	switch f.Name() {
	case columnID:
		return parquet.ByteArrayValue([]byte(r.ID))
	case columnGeneration:
		return parquet.Int64Value(int64(r.Generation))
	case columnShare:
		return parquet.DoubleValue(r.RealShare)
	}
	v := r.Fields[f.Name()]
	if v == nil {
		return parquet.NullValue()
	}
	switch f.Type().Kind() {
	case parquet.Boolean:
		flag, _ := v.(bool)
		return parquet.BooleanValue(flag)
	case parquet.Double:
		x, _ := r.Fields.Number(f.Name())
		return parquet.DoubleValue(x)
	case parquet.Int64:
		n, _ := v.(json.Number)
		whole, _ := n.Int64()
		return parquet.Int64Value(whole)
	}
	text, _ := r.Fields.Text(f.Name())
	return parquet.ByteArrayValue([]byte(text))
}
