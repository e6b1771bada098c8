package experiments

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// Who may import whom, of this module: the rooms of ARCHITECTURE.md.
var mayImport = map[string][]string{
	"internal":    {"internal"},
	"configs":     {"configs"},
	"generate":    {"internal", "generate"},
	"results":     {"internal", "results"},
	"evaluate":    {"internal", "generate", "results", "evaluate"},
	"experiments": {"internal", "configs", "generate", "results", "evaluate"},
	"cmd":         {"internal", "configs", "generate", "results", "evaluate", "experiments", "cmd"},
}

// Libraries that rooms keep to themselves.
var keeper = map[string]string{
	"github.com/spf13/viper":  "modelcollapse/configs",
	"gonum.org/v1/plot":       "modelcollapse/results/figure",
	"github.com/gofrs/flock":  "modelcollapse/results modelcollapse/internal/journal modelcollapse/generate/llm",
	"github.com/sashabaranov": "modelcollapse/generate/llm",
	"github.com/spf13/cobra":  "modelcollapse/cmd/cli",
	"github.com/klauspost":    "modelcollapse/generate/read modelcollapse/evaluate/diversity", // a compression ratio is of a compressor
	"golang.org/x/term":       "modelcollapse/cmd/cli",
	"go.yaml.in/yaml":         "modelcollapse/configs modelcollapse/generate/read", // configs, and the front matter of dataset cards
	"math/rand":               "",                                                  // streams come from math/rand/v2, and only from there
	"golang.org/x/exp/rand":   "",
	"gonum.org/v1/gonum/stat": "",
}

func TestImportRule(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "modelcollapse/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		from := words[0]
		room, _, _ := strings.Cut(strings.TrimPrefix(from, "modelcollapse/"), "/")
		for _, to := range words[1:] {
			if ours, ok := strings.CutPrefix(to, "modelcollapse/"); ok {
				other, _, _ := strings.Cut(ours, "/")
				if !allowed(room, other) {
					t.Errorf("%s imports %s: %s may import %v", from, to, room, mayImport[room])
				}
				continue
			}
			for library, who := range keeper {
				inside := to == library || strings.HasPrefix(to, library+"/") && to != "math/rand/v2"
				keeps := func(who string) bool { return strings.HasPrefix(from, who) }
				if inside && !slices.ContainsFunc(strings.Fields(who), keeps) {
					t.Errorf("%s imports %s, which belongs to %q", from, to, who)
				}
			}
		}
	}
}

func allowed(room, other string) bool {
	for _, r := range mayImport[room] {
		if r == other {
			return true
		}
	}
	return false
}
