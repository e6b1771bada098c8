package configs

import (
	"encoding"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"
)

// A Choice is a value that may be written in several forms: a number, a list, a word. Forms returns a prototype of
// each, in the order in which they are tried: a non-empty string stands for that very word, anything else for its type.
// The type implements json.Unmarshaler; if it implements json.Marshaler too, two spellings of one value are one
// identity.
type Choice interface{ Forms() []any }

var (
	choiceType   = reflect.TypeFor[Choice]()
	textType     = reflect.TypeFor[encoding.TextUnmarshaler]()
	durationType = reflect.TypeFor[time.Duration]()
	specType     = reflect.TypeFor[Spec]()
)

var keyName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// A compiler turns Go types into shapes, each type once.
type compiler struct{ objects map[reflect.Type]*shape }

func newCompiler() *compiler { return &compiler{map[reflect.Type]*shape{}} }

// kind is the shape of a kind's struct, nil being one without settings.
func (c *compiler) kind(t reflect.Type) (*shape, error) {
	if t == nil {
		t = reflect.TypeFor[struct{}]()
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("settings must be a struct, not %s", t)
	}
	s, err := c.object(t)
	if err != nil {
		return nil, err
	}
	for _, f := range s.fields {
		if f.name == "kind" || f.shape.class == sectionClass {
			return nil, fmt.Errorf("field %s of %s: settings cannot hold a kind", f.name, t)
		}
	}
	return s, nil
}

func (c *compiler) object(t reflect.Type) (*shape, error) {
	if s := c.objects[t]; s != nil {
		return s, nil
	}
	s := &shape{class: objectClass, goType: t}
	c.objects[t] = s
	if err := c.members(s, t, nil); err != nil {
		delete(c.objects, t)
		return nil, err
	}
	return s, nil
}

// members adds the fields of t, those of embedded structs included.
func (c *compiler) members(s *shape, t reflect.Type, index []int) error {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int{}, index...), i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			if err := c.members(s, f.Type, at); err != nil {
				return err
			}
			continue
		case name == "-" || !f.IsExported():
			continue
		case !keyName.MatchString(name):
			return fmt.Errorf("field %s of %s needs a snake_case json tag", f.Name, t)
		case s.field(name) != nil:
			return fmt.Errorf("field %s of %s: the key %s is taken by another field", f.Name, t, name)
		}
		m, err := c.member(f, name)
		if err != nil {
			return fmt.Errorf("field %s of %s: %w", f.Name, t, err)
		}
		m.index = at
		s.fields = append(s.fields, m)
	}
	return nil
}

func (c *compiler) member(f reflect.StructField, name string) (field, error) {
	m := field{name: name, doc: f.Tag.Get("doc"), required: f.Tag.Get("required") == "true", apart: f.Tag.Get("identity") == "-"}
	t := f.Type
	if t.Kind() == reflect.Pointer {
		m.optional, t = true, t.Elem()
	}
	s, err := c.value(t, f.Tag)
	if err != nil {
		return m, err
	}
	m.shape = s
	text, given := f.Tag.Lookup("default")
	if !given {
		return m, nil
	}
	rep := &report{}
	m.def = literal(text, s, &source{name: "default"}, rep)
	(&checker{kinds: newKinds(nil), rep: rep}).check(m.def, s, name)
	if rep.count() > 0 {
		return m, fmt.Errorf("default %q: %s", text, rep.problems[0].Message)
	}
	return m, nil
}

// value is the shape of a type; tag gives its bounds, its words or its section.
func (c *compiler) value(t reflect.Type, tag reflect.StructTag) (*shape, error) {
	s := &shape{goType: t, min: tag.Get("min"), max: tag.Get("max"), short: tag.Get("short")}
	for _, bound := range []string{s.min, s.max} {
		if bound != "" && (!decimal.MatchString(bound) || oddNumber(bound) != "") {
			return nil, fmt.Errorf("the bound %q is not a number", bound)
		}
	}
	switch {
	case t.Implements(choiceType) || reflect.PointerTo(t).Implements(choiceType):
		return c.choice(s, tag)
	case t == specType:
		s.class, s.section, s.short = sectionClass, tag.Get("section"), "kind"
		return s, nil
	case t == durationType:
		s.class = spanClass
		return s, nil
	case t.Kind() != reflect.Struct && t.Kind() != reflect.Slice:
	case reflect.PointerTo(t).Implements(textType):
		s.class = textClass
		return s, nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return c.shortened(t, s.short)
	case reflect.Slice, reflect.Array, reflect.Map:
		return c.container(s, t, tag)
	}
	return s, s.scalar(t, tag)
}

// scalar makes s the shape of a single value.
func (s *shape) scalar(t reflect.Type, tag reflect.StructTag) error {
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.class = wholeClass
	case reflect.Float32, reflect.Float64:
		s.class = realClass
	case reflect.Bool:
		s.class = flagClass
	case reflect.String:
		s.class = textClass
		if e := tag.Get("enum"); e != "" {
			s.enum = strings.Split(e, ",")
		}
	case reflect.Interface:
		s.class = openClass
	default:
		return fmt.Errorf("a config cannot hold a %s", t)
	}
	return nil
}

// shortened is the shape of a struct that may be written as the bare value of one of its keys.
func (c *compiler) shortened(t reflect.Type, short string) (*shape, error) {
	s, err := c.object(t)
	if err != nil || short == "" {
		return s, err
	}
	own := *s
	own.short = short
	return &own, nil
}

func (c *compiler) container(s *shape, t reflect.Type, tag reflect.StructTag) (*shape, error) {
	s.class, s.short = listClass, ""
	switch t.Kind() {
	case reflect.Map:
		s.class = tableClass
		if t.Key().Kind() != reflect.String {
			return nil, fmt.Errorf("the keys of a %s must be strings", t)
		}
	case reflect.Array:
		s.length = t.Len()
	}
	var err error
	s.elem, err = c.value(t.Elem(), tag)
	return s, err
}

func (c *compiler) choice(s *shape, tag reflect.StructTag) (*shape, error) {
	s.class = choiceClass
	for _, form := range reflect.New(s.goType).Interface().(Choice).Forms() {
		if word, ok := form.(string); ok && word != "" {
			s.options = append(s.options, &shape{class: wordClass, word: word})
			continue
		}
		t := reflect.TypeOf(form)
		if t == s.goType {
			return nil, fmt.Errorf("%s lists itself among its forms", t)
		}
		o, err := c.value(t, tag)
		if err != nil {
			return nil, fmt.Errorf("a form of %s: %w", s.goType, err)
		}
		s.options = append(s.options, o)
	}
	return s, nil
}
