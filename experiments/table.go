package experiments

import (
	"reflect"

	"modelcollapse/configs"
	"modelcollapse/evaluate"
	"modelcollapse/generate"
)

// A Named is one line of the table of names. A prototype's type is the config of its kind; its value is not used.
type Named[T any] struct {
	Name, Doc string
	Prototype T
}

// A Shelf is everything that can be combined for one kind of row.
type Shelf[E any] struct {
	Kind          generate.Kind[E]
	Data          []Named[any] // a generate.Source[E], or a generate.Opener[E]
	Models        []Named[generate.Model[E]]
	Metrics       []Named[evaluate.Metric[E]]
	Interventions []Named[generate.Intervention[E]]
	Laws          []evaluate.Theory[E] // the first that knows a series says its line
}

// A Table is every name that a config may use.
type Table struct {
	Workflows []Named[generate.Rule]
	Scalars   Shelf[float64]
	Vectors   Shelf[generate.Vector]
	Tokens    Shelf[generate.Tokens]
	Histogram Shelf[generate.Histogram]
	Labelled  Shelf[generate.Labelled]
	Tables    Shelf[generate.Record]
}

// Kinds are the types behind the names, for the loader.
func (t Table) Kinds() configs.Table {
	out := kindsOf("workflow", "", t.Workflows)
	out = append(out, t.Scalars.kinds()...)
	out = append(out, t.Vectors.kinds()...)
	out = append(out, t.Tokens.kinds()...)
	out = append(out, t.Histogram.kinds()...)
	out = append(out, t.Labelled.kinds()...)
	return append(out, t.Tables.kinds()...)
}

func (s Shelf[E]) kinds() (out configs.Table) {
	rows := s.Kind.Name
	out = append(out, kindsOf("data", rows, s.Data)...)
	out = append(out, kindsOf("model", rows, s.Models)...)
	for _, k := range kindsOf("metric", rows, s.Metrics) {
		k.Series = func(settings any) (names []string) {
			m, _ := as[evaluate.Metric[E]](settings)
			for _, a := range m.Axes() {
				names = append(names, a.Series)
			}
			return names
		}
		out = append(out, k)
	}
	return append(out, kindsOf("intervention", rows, s.Interventions)...)
}

func kindsOf[T any](section, rows string, named []Named[T]) (out configs.Table) {
	for _, n := range named {
		typ := reflect.TypeOf(n.Prototype)
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		out = append(out, configs.Kind{Section: section, Name: n.Name, Rows: rows, Type: typ, Doc: n.Doc})
	}
	return out
}

// as finds an interface in a decoded config: by value, else by pointer.
func as[T any](decoded any) (T, bool) {
	if v := reflect.ValueOf(decoded); v.Kind() == reflect.Pointer && !v.IsNil() {
		if t, ok := v.Elem().Interface().(T); ok {
			return t, true
		}
	}
	t, ok := decoded.(T)
	return t, ok
}
