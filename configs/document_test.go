package configs_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"modelcollapse/configs"
)

// A recipe is a root other than an experiment's: a list of kinds beside settings.
type recipe struct {
	Title string         `json:"title"`
	Size  int            `json:"size" default:"3" min:"1"`
	Oven  configs.Spec   `json:"oven" section:"oven"`
	Steps []configs.Spec `json:"steps" section:"stage"`
}

func (r recipe) Validate() error {
	if r.Size > 100 {
		return errors.New("size: the oven is too small")
	}
	return nil
}

type stir struct {
	Times int `json:"times" default:"10" min:"1"`
}

func recipes() configs.Table {
	return configs.Table{
		{Section: configs.Stage, Name: "stir", Type: reflect.TypeFor[stir]()},
		{Section: configs.Stage, Name: "wait"},
		{Section: "oven", Name: "gas", Type: reflect.TypeFor[stir]()},
	}
}

func loadRecipe(text string, overrides ...string) (*configs.Document[recipe], error) {
	files := fstest.MapFS{"bread.yaml": {Data: []byte(text)}, "dough.yaml": {Data: []byte("size: 7\nsteps: [wait]\noven: {kind: gas, times: 2}\n")}}
	return configs.LoadDocument[recipe](recipes(), files, "bread", overrides)
}

func TestDocument(t *testing.T) {
	d, err := loadRecipe("extends: dough\ntitle: bread\nsteps: [{kind: stir, times: 4}, wait, stir]\n", "size=9", "oven.times=5")
	if err != nil {
		t.Fatal(err)
	}
	c := d.Config
	if c.Title != "bread" || c.Size != 9 || len(c.Steps) != 3 || c.Steps[0].Value.(*stir).Times != 4 || c.Steps[2].Value.(*stir).Times != 10 || c.Oven.Value.(*stir).Times != 5 {
		t.Errorf("%+v", c)
	}
	for path, want := range map[string]string{"size": "command line", "title": "bread.yaml:2:8", "steps[0].times": "bread.yaml:3:29", "steps[2].times": "default", "oven.kind": "extends dough.yaml:3:14", "steps[9]": "", "steps[x]": ""} {
		if got := d.Origin(path); got != want {
			t.Errorf("%s comes from %q, want %q", path, got, want)
		}
	}
	again, err := loadRecipe(string(d.YAML()))
	if err != nil || string(again.YAML()) != string(d.YAML()) {
		t.Errorf("%v: %s", err, d.YAML())
	}
	if got := string(d.Canonical("size", "steps")); got != `{"size":9,"steps":[{"kind":"stir","times":4},{"kind":"wait"},{"kind":"stir","times":10}]}` {
		t.Errorf("canonical %s", got)
	}
	if infos := configs.ListDocuments[recipe](fstest.MapFS{"a.yaml": {Data: []byte("title: A\n")}}, recipes()); len(infos) != 1 || infos[0].Title != "A" {
		t.Errorf("%+v", infos)
	}
	if _, err := configs.SchemaOf[recipe](recipes(), "recipe"); err != nil {
		t.Error(err)
	}
}

func TestDocumentRefuses(t *testing.T) {
	_, err := loadRecipe("titel: x\nsize: 0\nsteps: [{kind: stirr}, {kind: stir, time: 1}, {times: 1}]\n")
	for _, want := range []string{`1:1: unknown key "titel"; did you mean "title"?`, "2:7: size must be at least 1", `3:16: unknown stage "stirr"; did you mean "stir"?`, `3:37: unknown key "steps[1].time" of stage stir; did you mean "times"?`, `steps[2]`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
	for _, x := range [][2]string{{"sweep: {size: [1, 2]}\n", `unknown key "sweep"`}, {"title: x\nsize: 101\n", "bread.yaml:2:7: size: the oven is too small"}, {"- a\n", "is a map of settings"}} {
		if _, err := loadRecipe(x[0]); err == nil || !strings.Contains(err.Error(), x[1]) {
			t.Errorf("%q: %v, want %s", x[0], err, x[1])
		}
	}
	if _, err := loadRecipe("size: 1\n", "size=101"); err == nil || !strings.HasPrefix(err.Error(), "command line: size: the oven is too small") {
		t.Errorf("%v, want the command line to be blamed", err)
	}
	if _, err := loadRecipe("size: 1\n", "size=1,2"); err == nil {
		t.Error("an override made an axis of a document that has none")
	}
}
