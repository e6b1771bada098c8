package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/configs"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// No path in a config reads a file outside the folder of the config that the user named.
func TestNoPathEscapes(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "in")
	const secret = "title: canary\n" + base
	write(t, filepath.Join(top, "out.yaml"), secret)
	write(t, filepath.Join(dir, "sub", "ok.yaml"), "title: fine\n"+base)
	for link, target := range map[string]string{
		"link.yaml": filepath.Join(top, "out.yaml"), "relative.yaml": "../out.yaml", "folder": top, "chain.yaml": "link.yaml", "up": "..",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
	}
	for _, parent := range []string{
		"../out.yaml", "../../in/../out.yaml", "sub/../../out.yaml", "./../out.yaml", filepath.Join(top, "out.yaml"), "//" + top + "/out.yaml",
		"link.yaml", "relative.yaml", "folder/out.yaml", "chain.yaml", "up/out.yaml", "sub/../../in/../out.yaml", "..//out.yaml", "/proc/self/cwd/out.yaml",
		"file:///etc/x.yaml", "~/out.yaml", "$HOME/out.yaml", "%2e%2e/out.yaml", "..\\out.yaml",
	} {
		write(t, filepath.Join(dir, "c.yaml"), "extends: '"+parent+"'\n"+base)
		l, err := configs.Load(table(), nil, filepath.Join(dir, "c.yaml"), nil)
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("extends: %s was followed: %v %v", parent, l != nil, err)
		}
	}
	write(t, filepath.Join(dir, "c.yaml"), "extends: ./sub/ok.yaml\nseed: 3\n")
	l, err := configs.Load(table(), nil, filepath.Join(dir, "c.yaml"), nil)
	if err != nil || l.Config.Title != "fine" || l.Config.Name != "c" {
		t.Errorf("a parent in a folder below: %v", err)
	}
	if l, err := configs.Load(table(), nil, filepath.Join(dir, "link.yaml"), nil); err != nil || l.Config.Title != "canary" {
		t.Errorf("a link that the user names is the user's own: %v", err)
	}
}

func TestNames(t *testing.T) {
	files := family(map[string]string{"wikitext-2": base, "gaussian": base})
	for name, want := range map[string]string{
		"wikitext2":        `config "wikitext2" is unknown; did you mean "wikitext-2"? (a file is named with a / or its .yaml)`,
		"nothing":          `config "nothing" is unknown; known: gaussian, wikitext-2; a file is named with a / or its .yaml`,
		"":                 `config "" is unknown; known: gaussian, wikitext-2; a file is named with a / or its .yaml`,
		"..":               `config ".." is unknown; known: gaussian, wikitext-2; a file is named with a / or its .yaml`,
		"testdata/...yaml": `config "testdata/...yaml": a run cannot be called ".."; rename the file`,
		"./.yaml":          `config "./.yaml": a run cannot be called ""; rename the file`,
		"my.yml":           `config "my.yml": a config file ends in .yaml`,
		"nowhere.yaml":     "nowhere.yaml: cannot be read: no such file or directory",
		"testdata/":        "testdata/: cannot be read: is a directory",
		"no/such/folder/":  "config no/such/folder/: open no/such/folder: no such file or directory",
	} {
		_, err := configs.Load(table(), files, name, nil)
		if err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", name, err, want)
		}
	}
	_, err := configs.Load(table(), family(map[string]string{"a": "extends: b\n", "b": "extends: a\n"}), "a", nil)
	if err == nil || !strings.Contains(err.Error(), "b.yaml:1:10: extends: a comes back to itself") {
		t.Error(err)
	}
}

func TestList(t *testing.T) {
	files := family(map[string]string{"b": "title: B\nclaim: Is so.\n" + base, "a": "titel: A\n" + base})
	all := configs.List(files, table())
	if len(all) != 2 || all[0].Name != "a" || all[0].Err == nil || all[1].Title != "B" || all[1].Claim != "Is so." || all[1].Err != nil {
		t.Errorf("%+v", all)
	}
}
