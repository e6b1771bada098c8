package figure

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var galleryDir = flag.String("gallery", "", "write the example figures into this folder, to be looked at")

func TestGallery(t *testing.T) {
	if *galleryDir == "" {
		t.Skip("no -gallery folder")
	}
	for name, f := range gallery() {
		for _, format := range Formats() {
			w, err := os.Create(filepath.Join(*galleryDir, name+"."+format))
			if err != nil {
				t.Fatal(err)
			}
			if err := f.Render(w, format); err != nil {
				t.Errorf("%s.%s: %v", name, format, err)
			}
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		}
		files := map[string][]byte{}
		if err := f.Save(memory(files), "t", Options{Thumbnail: true}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.WriteFile(filepath.Join(*galleryDir, name+".thumb.png"), files["t.png"], 0o666); err != nil {
			t.Error(err)
		}
	}
}
