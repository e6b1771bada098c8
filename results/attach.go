package results

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
)

// An Attachment is data for figures and the report that belongs to one node of one generation: texts, points as CSV.
// Its content is the file cells/ID/attach/G-N-NAME.EXT of its cell, the extension being that of the media type; its line
// stands before the record of its generation, so that the seal covers the content by its digest.
type Attachment struct {
	Name       string `json:"attach"`
	Generation int    `json:"g"`
	Node       int    `json:"node,omitempty"`
	MediaType  string `json:"type"`
	Size       int64  `json:"size"` // bytes
	SHA256     string `json:"sha256"`
}

var attachName = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.@{}+-]{0,99}$`)

func (a Attachment) check() error {
	if !attachName.MatchString(a.Name) {
		return fmt.Errorf("attachment %.40q: want letters, digits and _ . @ { } + -, at most 100", a.Name)
	}
	if a.Generation < 0 || a.Node < 0 {
		return fmt.Errorf("attachment %s: generation %d, node %d: want 0 or more", a.Name, a.Generation, a.Node)
	}
	return nil
}

func extension(mediaType string) string {
	switch mediaType {
	case "text/plain":
		return ".txt"
	case "text/csv":
		return ".csv"
	case "application/json":
		return ".json"
	case "application/x-ndjson":
		return ".jsonl"
	case "image/png":
		return ".png"
	case "image/svg+xml":
		return ".svg"
	}
	return ".bin"
}

// file is where the content is, below the cell's folder.
func (a Attachment) file() string {
	return path.Join("attach", fmt.Sprintf("%d-%d-%s%s", a.Generation, a.Node, a.Name, extension(a.MediaType)))
}

func (a Attachment) same(b Attachment) bool {
	return a.Generation == b.Generation && a.Node == b.Node && a.Name == b.Name
}

func (a Attachment) compare(b Attachment) int {
	return cmp.Or(cmp.Compare(a.Generation, b.Generation), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Name, b.Name))
}
