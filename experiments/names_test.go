package experiments

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
	"modelcollapse/configs/mutate"
)

var update = flag.Bool("update", false, "write the schema anew")

func TestTableOfNames(t *testing.T) {
	if err := Names().Kinds().Check(); err != nil {
		t.Fatal(err)
	}
}

func TestShippedConfigsLoad(t *testing.T) {
	for _, info := range configs.List(configs.Shipped, Names().Kinds()) {
		if info.Err != nil {
			t.Errorf("%s: %v", info.Name, info.Err)
		}
		if info.Title == "" || info.Claim == "" {
			t.Errorf("%s: needs a title and a claim", info.Name)
		}
	}
}

// The schema in the repository is the one that the table gives.
func TestSchemaIsCurrent(t *testing.T) {
	want := configs.Schema(Names().Kinds())
	const file = "../configs/schema.json"
	if *update {
		if err := os.WriteFile(file, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("configs/schema.json is stale (%v): go test ./experiments -run Schema -update", err)
	}
}

// point reports the names of points, which are the author's choice.
func point(path string) bool {
	parts := strings.Split(path, ".")
	return len(parts) == 3 && parts[0] == "sweep" && slices.Contains([]string{"workflow", "interventions", "growth", "model", "models"}, parts[1])
}

// free reports what a server of the user's choice gives its meaning to.
func free(path string) bool {
	return strings.Contains(path, ".hyperparameters.") || strings.Contains(path, ".body.")
}

// Every shipped config with a key misspelt or a scalar retyped is refused; the short suite tries some of each.
func TestSpoiltConfigsAreRefused(t *testing.T) {
	kinds := Names().Kinds()
	names, err := fs.Glob(configs.Shipped, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		good, err := fs.ReadFile(configs.Shipped, name)
		if err != nil {
			t.Fatal(err)
		}
		keys, err := mutate.Misspelt(good, point)
		if err != nil {
			t.Fatal(err)
		}
		values, err := mutate.Retyped(good)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range append(keys, values...) {
			if i%spoiltStep != 0 || m.Path == "every" && m.Is == "12" || free(m.Path) { // for log a number is right too
				continue
			}
			files := fstest.MapFS{"spoilt.yaml": {Data: m.YAML}}
			l, err := configs.Load(kinds, files, "spoilt", nil)
			if err == nil {
				_, err = l.Arms()
			}
			if err == nil {
				t.Errorf("%s: %s: accepted", name, m.Path)
			}
		}
	}
}
