package show

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// Whatever the text, it is one line of what can be seen, no longer than it may be, and no mark of Markdown or HTML is bare.
func TestNothingIsObeyed(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text, n := rapid.String().Draw(r, "text"), rapid.IntRange(1, 50).Draw(r, "n")
		line := Line(text, n)
		if len([]rune(line)) > n || strings.ContainsFunc(line, func(c rune) bool { return !unicode.IsPrint(c) }) {
			r.Fatalf("%q becomes %q", text, line)
		}
		marked := Markdown(line)
		if strings.ContainsAny(marked, `<>"'`) || strings.Contains(strings.ReplaceAll(marked, `\|`, ""), "|") {
			r.Fatalf("%q becomes %q", text, marked)
		}
	})
}

func ExampleLine() {
	fmt.Println(Line("two\nlines \x1b[31mof a\tserver", 17))
	fmt.Println(Markdown("# <b>a|b</b>"))
	fmt.Println(Code("a`b"))
	// Output:
	// two lines [31mof…
	// \# &lt;b&gt;a\|b&lt;/b&gt;
	// `` a`b ``
}
