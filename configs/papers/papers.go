// Package papers is the literature that configs cite.
package papers

import (
	_ "embed"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed papers.yaml
var text []byte

// A Paper is one entry of the literature.
type Paper struct {
	Authors string `yaml:"authors" json:"authors"`
	Year    int    `yaml:"year" json:"year"`
	Title   string `yaml:"title" json:"title"`
	Where   string `yaml:"where" json:"where"` // journal, conference, arXiv number
}

// Short is "Shumailov et al. 2024".
func (p Paper) Short() string {
	authors := p.Authors
	switch names := strings.Split(authors, ", "); len(names) {
	case 1:
	case 2:
		authors = names[0] + " and " + names[1]
	default:
		authors = names[0] + " et al."
	}
	return fmt.Sprintf("%s %d", authors, p.Year)
}

// An Open is a statement that no config judges.
type Open struct {
	Cite   string `yaml:"cite" json:"cite"`
	Claim  string `yaml:"claim" json:"claim"`
	Reason string `yaml:"reason" json:"reason"`
}

// A Literature is all papers by key, and what stays open.
type Literature struct {
	Papers map[string]Paper `yaml:"papers"`
	Open   []Open           `yaml:"open"`
}

// All reads the literature in the program.
func All() (l Literature, err error) {
	if err := yaml.Unmarshal(text, &l); err != nil {
		return l, fmt.Errorf("papers.yaml: %w", err)
	}
	return l, nil
}
