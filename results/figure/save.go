package figure

import (
	"fmt"
	"io"
)

// Options say how a figure is saved. The zero value: in full, in every format.
type Options struct {
	Thumbnail bool // one small PNG and nothing else, for pages of many figures: OneColumn at 120 dpi (408 pixels wide), no caption,
	// at most 256 colours, and but for dozens of panels at most 40 KiB
}

// Save stores the figure under name in every image format, with its data beside
// it: name.svg, name.png, name.pdf, name.csv and name.vl.json; of a thumbnail
// name.png alone. Nothing is stored where f cannot be drawn.
func (f *Figure) Save(put Put, name string, o Options) error {
	store := func(ext string, write func(io.Writer) error) error {
		if err := put(name+ext, write); err != nil {
			return fmt.Errorf("figure %q: %s%s: %w", f.Title, name, ext, err)
		}
		return nil
	}
	if o.Thumbnail {
		p, dpi, err := f.thumbnail()
		if err != nil {
			return err
		}
		return store(".png", func(w io.Writer) error { return writeThumbnail(w, p, dpi) })
	}
	p, err := compose(f)
	if err != nil {
		return err
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
