package store_test

import (
	"fmt"
	"io"
	"os"

	"modelcollapse/internal/store"
)

func Example() {
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	folder, err := store.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer folder.Close()
	s := folder.Dir("state")
	err = s.Put("next", func(w io.Writer) error { _, err := fmt.Fprint(w, 7); return err })
	names, _ := s.Names()
	fmt.Println(names, err)
	// Output: [next] <nil>
}
