package read

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// hub is the files of one split of a Hugging Face folder, among those below root; all of them, if it is none.
//
// The front matter of its README.md says which files are which split (configs, data_files); without it names do, as the
// hub has it: data/SPLIT-00000-of-00001.parquet, else train, test, validation (and their other names) as a word of a path.
// A folder is of the hub if its front matter says so or its data folder has such names, and when a split is asked for.
func (s Source) hub(root string, all []string) ([]string, error) {
	card, err := cardOf(root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(root, "README.md"), err)
	}
	var relative []string
	for _, name := range all {
		rel, _ := filepath.Rel(root, name)
		switch {
		case rel == "dataset_infos.json": // what cards were before there were cards
			card.dataset = true
		case !strings.EqualFold(rel, "README.md"):
			relative = append(relative, filepath.ToSlash(rel))
		}
	}
	splits, err := card.splits(s.Config, relative)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", root, err)
	}
	if splits == nil {
		splits = namedSplits(relative, card.dataset || s.Split != "")
	}
	if splits == nil {
		return all, nil
	}
	files, err := chooseSplit(splits, s.Split)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", root, err)
	}
	for i, rel := range files {
		files[i] = filepath.Join(root, filepath.FromSlash(rel))
	}
	return files, nil
}

// chooseSplit is the files of the split that was asked for, else of train, else of the only one.
func chooseSplit(splits map[string][]string, want string) ([]string, error) {
	there := slices.Sorted(maps.Keys(splits))
	files, ok := splits[want]
	switch {
	case ok:
	case want != "":
		return nil, fmt.Errorf("no split %q: there are %s", want, strings.Join(there, ", "))
	case splits["train"] != nil:
		files = splits["train"]
	case len(there) == 1:
		want = there[0]
		files = splits[want]
	default:
		return nil, fmt.Errorf("no split train: there are %s: name one", strings.Join(there, ", "))
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no file of split %q is there: was the folder downloaded whole?", want)
	}
	return files, nil
}

// A card is the front matter of a README.md, as far as it says where data are.
type card struct {
	dataset bool // it is that of a dataset
	Configs []struct {
		Name    string    `yaml:"config_name"`
		Default bool      `yaml:"default"`
		Dir     string    `yaml:"data_dir"`
		Files   yaml.Node `yaml:"data_files"`
	} `yaml:"configs"`
	Info  yaml.Node `yaml:"dataset_info"`
	Tasks yaml.Node `yaml:"task_categories"`
}

// cardOf reads the front matter; a folder without one has an empty card.
func cardOf(root string) (c card, err error) {
	content, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		return c, nil // no README.md that could be read says nothing
	}
	content = bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(content, []byte("---\n"))
	front, _, closed := bytes.Cut(rest, []byte("\n---"))
	if !ok || !closed {
		return c, nil
	}
	if err := yaml.Unmarshal(front, &c); err != nil {
		return c, fmt.Errorf("front matter: %w", err)
	}
	c.dataset = len(c.Configs) > 0 || !c.Info.IsZero() || !c.Tasks.IsZero()
	return c, nil
}

// splits is the files by split of a config; nil where the card says nothing of files.
func (c card) splits(want string, files []string) (map[string][]string, error) {
	if len(c.Configs) == 0 {
		if want != "" {
			return nil, fmt.Errorf("no config %q: README.md names none", want)
		}
		return nil, nil
	}
	var there []string
	chosen := -1
	for i, one := range c.Configs {
		there = append(there, one.Name)
		if one.Name == want || want == "" && (one.Default || one.Name == "default" || len(c.Configs) == 1) {
			chosen = i
		}
	}
	switch {
	case chosen < 0 && want == "":
		return nil, fmt.Errorf("there are several configs: name one of %s", strings.Join(there, ", "))
	case chosen < 0:
		return nil, fmt.Errorf("no config %q: there are %s", want, strings.Join(there, ", "))
	}
	one := c.Configs[chosen]
	if one.Files.IsZero() {
		return namedSplits(slices.DeleteFunc(slices.Clone(files), func(f string) bool {
			return one.Dir != "" && !strings.HasPrefix(f, path.Clean(one.Dir)+"/")
		}), true), nil
	}
	splits := map[string][]string{}
	return splits, addFiles(splits, "train", one.Dir, &one.Files, files)
}

// addFiles adds what data_files says: a pattern, a list of them, or of {split, path}, or a map from split to either.
func addFiles(splits map[string][]string, split, dir string, n *yaml.Node, files []string) error {
	switch n.Kind {
	case yaml.ScalarNode:
		pattern, err := wildcard(path.Join(dir, n.Value))
		if err != nil {
			return fmt.Errorf("data_files: %q is no pattern of files", n.Value)
		}
		splits[split] = append(splits[split], slices.DeleteFunc(slices.Clone(files), func(f string) bool { return !pattern.MatchString(f) })...)
		slices.Sort(splits[split])
		splits[split] = slices.Compact(splits[split])
	case yaml.SequenceNode:
		for _, item := range n.Content {
			if err := addFiles(splits, split, dir, item, files); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		var one struct {
			Split string    `yaml:"split"`
			Path  yaml.Node `yaml:"path"`
		}
		if n.Decode(&one) == nil && !one.Path.IsZero() {
			if one.Split == "" {
				one.Split = split
			}
			return addFiles(splits, one.Split, dir, &one.Path, files)
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if err := addFiles(splits, n.Content[i].Value, dir, n.Content[i+1], files); err != nil {
				return err
			}
		}
	}
	return nil
}

// wildcard is a pattern of the hub: ** stands for any folders, * and ? stay within one.
func wildcard(pattern string) (*regexp.Regexp, error) {
	s := regexp.QuoteMeta(pattern)
	for _, r := range [][2]string{{`\*\*/`, `(?:.*/)?`}, {`\*\*`, `.*`}, {`\*`, `[^/]*`}, {`\?`, `[^/]`}, {`\[`, `[`}, {`\]`, `]`}} {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	return regexp.Compile("^" + s + "$")
}
