package audit

import (
	"context"
	"fmt"
	"strings"

	"modelcollapse/generate/read"
)

// Texts are the sets of an audit of texts.
type Texts struct {
	Real      *Documents // what the generator learned from
	Synthetic *Documents
	HoldOut   *Documents // real ones that the generator never saw; nil: leaks and membership are not measured
	Canaries  []string   // texts of random digits or random words that were planted among the training documents; nil: none

	planted    Read // where canaries were read
	SmallCells bool // gaps of fewer than 5 real tokens are shown
}

// Documents are the texts of one set.
type Documents struct {
	Read  Read
	Texts []string
	Group []int // by document: those of one number stay together (one author, one article); nil: every document is alone
}

// fileGroups is how many files there must be to be what stays together.
const fileGroups = 20

// ReadDocuments reads a set: a record is a document, and of plain text and Markdown a paragraph (lines up to a blank one) is.
// Documents of one file stay together where there are at least 20 files. set is its name in errors and reports.
func ReadDocuments(ctx context.Context, set string, s read.Source, field string) (*Documents, error) {
	d := &Documents{Read: Read{Set: set}}
	var file []int
	var lines []string
	end := func(at int) {
		if len(lines) > 0 {
			d.Texts, file, lines = append(d.Texts, strings.Join(lines, "\n")), append(file, at), lines[:0]
		}
	}
	last := 0
	sum, err := read.Texts(ctx, s, field, func(text []byte, at read.Place) error {
		if at.File != last || at.Record > 0 {
			end(last)
		}
		last = at.File
		switch {
		case at.Record > 0:
			d.Texts, file = append(d.Texts, string(text)), append(file, at.File)
		case len(strings.TrimSpace(string(text))) == 0:
			end(at.File)
		default:
			lines = append(lines, string(text))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", set, err)
	}
	end(last)
	d.Read.Files, d.Read.SHA256 = sum.Files, sum.SHA256
	if field != "" {
		d.Read.Notes = append(d.Read.Notes, "the text is the field "+field)
	}
	if len(sum.Files) >= fileGroups {
		d.Group = file
		d.Read.Notes = append(d.Read.Notes, "documents of one file stay together")
	}
	return d, nil
}

// check says what is wrong with a set.
func (d *Documents) check(set string, least int) error {
	switch {
	case d == nil:
		return fmt.Errorf("the %s set: none is given", set)
	case len(d.Texts) < least:
		return fmt.Errorf("the %s set: %d documents: want at least %d", set, len(d.Texts), least)
	case d.Group != nil && len(d.Group) != len(d.Texts):
		return fmt.Errorf("the %s set: %d groups of %d documents", set, len(d.Group), len(d.Texts))
	}
	return nil
}
