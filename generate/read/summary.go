package read

import (
	"fmt"
	"strings"
)

// A Summary says what was read.
type Summary struct {
	Files   []string // in the order in which they were read
	Bytes   int64    // as they lie on disk
	SHA256  string   // hex, of these bytes, one file behind the other
	Rows    int      // of a table; of texts: how many
	Columns []Shape  // of a table: those that were kept
	Dropped []string // of a table: each column that was left out unasked, with the reason
}

// A Shape is what a summary says of a column.
type Shape struct {
	Name       string
	Type       Type
	Nulls      int
	Categories int    // of a category, the null among them
	Note       string // what made a column of numbers or dates one of categories; "": nothing did
}

// String says all of it in a few lines.
func (s Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d bytes, sha256 %.12s…, %d rows", names(s.Files), s.Bytes, s.SHA256, s.Rows)
	for i, c := range s.Columns {
		if i == 0 {
			fmt.Fprintf(&b, " of %d columns", len(s.Columns))
		}
		fmt.Fprintf(&b, "\n  %s: %s", c.Name, c.Type)
		if c.Type == Category {
			fmt.Fprintf(&b, " of %d", c.Categories)
		}
		if c.Nulls > 0 {
			fmt.Fprintf(&b, ", %d nulls", c.Nulls)
		}
		if c.Note != "" {
			fmt.Fprintf(&b, " (%s)", c.Note)
		}
	}
	for _, d := range s.Dropped {
		fmt.Fprintf(&b, "\n  dropped: %s", d)
	}
	return b.String()
}

// names is the name of a single file, else how many there are.
func names(files []string) string {
	if len(files) == 1 {
		return files[0]
	}
	return fmt.Sprintf("%d files", len(files))
}
