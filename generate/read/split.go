package read

import (
	"regexp"
	"slices"
	"strings"
)

var (
	shard      = regexp.MustCompile(`(?:^|/)data/([\w.]+)-\d{5}-of-\d{5}\.`)
	plainShard = regexp.MustCompile(`(?:^|/)data/(?:train|test|validation|valid|val|dev|eval)[-_.\d]`)
	word       = regexp.MustCompile(`[^0-9A-Za-z]+|\d+`)
)

// splitWords are the names of splits, as the hub knows them.
var splitWords = map[string]string{
	"train": "train", "training": "train", "validation": "validation", "valid": "validation", "val": "validation",
	"dev": "validation", "test": "test", "testing": "test", "eval": "test", "evaluation": "test",
}

// namedSplits is the files by split as their names say; nil where no file is named as the hub names shards, unless any
// name may say it: then files without a word for it are train, where no file has one.
func namedSplits(files []string, any bool) map[string][]string {
	splits := map[string][]string{}
	for _, f := range files {
		any = any || plainShard.MatchString(f)
		if m := shard.FindStringSubmatch(f); m != nil {
			splits[m[1]] = append(splits[m[1]], f)
		}
	}
	switch {
	case len(splits) > 0:
		return splits
	case !any:
		return nil
	}
	var rest []string
	for _, f := range files {
		if split := splitOf(f); split != "" {
			splits[split] = append(splits[split], f)
		} else {
			rest = append(rest, f)
		}
	}
	if len(splits) == 0 {
		splits["train"] = rest
	}
	return splits
}

// splitOf is the split that a word of a path says, the file's own name before its folders; "": none does.
func splitOf(file string) string {
	parts := strings.Split(file, "/")
	for _, part := range slices.Backward(parts) {
		for _, w := range word.Split(strings.ToLower(part), -1) {
			if split := splitWords[w]; split != "" {
				return split
			}
		}
	}
	return ""
}
