package experiments

import (
	"fmt"
	"slices"
	"strings"

	"modelcollapse/generate"
)

// A plain error calls types by what configs call them.
type plainError struct {
	text string
	err  error
}

func (e plainError) Error() string { return e.text }
func (e plainError) Unwrap() error { return e.err }

// spoken are the types behind names: "generate.Normal" is gaussian.
type spoken map[string]string

// words are those of a table: of its data, and of what its models fit.
func (t Table) words() spoken {
	w := spoken{}
	speak(w, t.Scalars)
	speak(w, t.Vectors)
	speak(w, t.Tokens)
	speak(w, t.Histogram)
	speak(w, t.Labelled)
	speak(w, t.Tables)
	return w
}

func speak[E any](w spoken, s Shelf[E]) {
	for _, d := range s.Data {
		w.add(d.Prototype, d.Name)
	}
	for _, m := range s.Models {
		w.add(m.Prototype, m.Name)
		if f, ok := fits(m.Prototype); ok {
			w.add(f, m.Name)
		}
	}
}

// fits is what a model says that it fits, if it can say so before it is bound to a truth.
func fits[E any](m generate.Model[E]) (f generate.Fitted[E], ok bool) {
	defer func() { ok = ok && recover() == nil }()
	return m.Fits(), true
}

// add gives a type a name, unless it has one.
func (w spoken) add(x any, name string) {
	if typ := fmt.Sprintf("%T", x); x != nil && w[typ] == "" {
		w[typ] = name
	}
}

// plain is a text with names for types, and without a prefix twice.
func (w spoken) plain(text string) string {
	var types []string
	for typ := range w {
		if strings.Contains(text, typ) {
			types = append(types, typ)
		}
	}
	slices.SortFunc(types, func(a, b string) int { // the longest first: one may begin another
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for _, typ := range types {
		text = strings.ReplaceAll(text, typ, w[typ])
	}
	return strings.Join(slices.Compact(strings.Split(text, ": ")), ": ") // model: gaussian: gaussian: …
}

// error is an error in the words of configs.
func (w spoken) error(err error) error {
	if err == nil {
		return nil
	}
	if text := w.plain(err.Error()); text != err.Error() {
		return plainError{text, err}
	}
	return err
}
