package figure

import (
	"fmt"
	"io"
)

// Save stores the figure under name in every image format, with its data beside
// it: name.svg, name.png, name.pdf, name.csv and name.vl.json. Nothing is stored
// where f cannot be drawn.
func (f *Figure) Save(put Put, name string) error {
	p, err := compose(f)
	if err != nil {
		return err
	}
	store := func(ext string, write func(io.Writer) error) error {
		if err := put(name+ext, write); err != nil {
			return fmt.Errorf("figure %q: %s%s: %w", f.Title, name, ext, err)
		}
		return nil
	}
	for _, format := range Formats() {
		if err := store("."+format, func(w io.Writer) error { return p.render(w, format, f) }); err != nil {
			return err
		}
	}
	if err := store(".csv", f.WriteCSV); err != nil {
		return err
	}
	return store(".vl.json", f.WriteVegaLite)
}
