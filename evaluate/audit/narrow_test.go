package audit

import (
	"bytes"
	"strings"
	"testing"
)

// On a terminal no line is longer than it is wide, and what differs is still said.
func TestNarrowTerminal(t *testing.T) {
	real, synthetic := people(400, 1), people(400, 2)
	for i := range synthetic {
		synthetic[i][2] = "j1"
	}
	r := auditOf(t, real, synthetic, Tables{})
	for _, columns := range []int{60, 80, 120} {
		var b bytes.Buffer
		if err := r.WriteWide(&b, columns); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > columns {
				t.Errorf("%d columns: a line of %d: %q", columns, n, line)
			}
		}
		if !strings.Contains(b.String(), "DIFFERS") {
			t.Errorf("%d columns: nothing differs:\n%s", columns, b.String())
		}
	}
}
