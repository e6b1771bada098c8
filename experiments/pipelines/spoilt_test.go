package pipelines

import (
	"io/fs"
	"regexp"
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
	"modelcollapse/configs/mutate"
)

// theirs are keys that a config may choose: fields of rows, axes, and what stands in a JSON schema.
var theirs = regexp.MustCompile(`^stages\[\d+\]\.(rows|axes|over|schema)\b.`)

// Every pipeline in the program with a key misspelt is refused, and so is one that says a scalar in another type where it has
// one; rows and schemas are data.
func TestSpoiltPipelinesAreRefused(t *testing.T) {
	names, err := fs.Glob(configs.Pipelines(), "*.yaml")
	must(t, err)
	tried := 0
	for _, name := range names {
		good, err := fs.ReadFile(configs.Pipelines(), name)
		must(t, err)
		keys, err := mutate.Misspelt(good, theirs.MatchString)
		must(t, err)
		values, err := mutate.Retyped(good)
		must(t, err)
		for i, m := range append(keys, values...) {
			if i%5 != 0 || theirs.MatchString(m.Path) {
				continue
			}
			tried++
			files := fstest.MapFS{"spoilt.yaml": {Data: m.YAML}}
			if parent, err := fs.ReadFile(configs.Pipelines(), "self-instruct.yaml"); err == nil {
				files["self-instruct.yaml"] = &fstest.MapFile{Data: parent}
			}
			l, err := configs.LoadDocument[Config](Kinds(), files, "spoilt", nil)
			if err == nil {
				_, err = Check(l)
			}
			if err == nil {
				t.Errorf("%s: %s as %q: accepted", name, m.Path, m.Is)
			}
		}
	}
	t.Logf("%d spoilt pipelines", tried)
}
