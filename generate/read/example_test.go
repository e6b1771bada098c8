package read_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"modelcollapse/generate/read"
)

func ExampleTable() {
	dir, _ := os.MkdirTemp("", "example")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "penguins.csv")
	os.WriteFile(path, []byte("species,mass,seen\nAdelie,3750,2007-11-11\nGentoo,NA,2007-11-27\n"), 0o600)

	f, err := read.Table(context.Background(), read.Source{Path: read.Paths{path}}, read.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range f.Columns {
		fmt.Println(c.Name, c.Type, c.Nulls, c.Numbers, c.Codes, c.Categories)
	}
	_, err = read.Table(context.Background(), read.Source{Path: read.Paths{path}}, read.Options{Columns: []string{"weight"}})
	fmt.Println(filepath.Base(err.Error()))
	// Output:
	// species category 0 [] [0 1] [Adelie Gentoo]
	// mass numeric 1 [3750 NaN] [] []
	// seen date 0 [1.1947392e+09 1.1961216e+09] [] []
	// penguins.csv: no column "weight": there are species, mass, seen
}
