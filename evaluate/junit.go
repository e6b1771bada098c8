package evaluate

import (
	"encoding/xml"
	"fmt"
	"io"
)

// A Named verdict is that of one config.
type Named struct {
	Name   string
	Failed string // why there is none; empty: there is
	Verdict
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string    `xml:"classname,attr"`
	Name    string    `xml:"name,attr"`
	Failure *junitWhy `xml:"failure,omitempty"`
	Error   *junitWhy `xml:"error,omitempty"`
	Skipped *junitWhy `xml:"skipped,omitempty"`
}

type junitWhy struct {
	Message string `xml:"message,attr"`
}

// WriteJUnit writes verdicts as JUnit XML: a suite a config, a case a look; a look that rejects after Holm is a failure,
// one that could not be made, or shows nothing, is skipped; a config
// without a verdict is an error.
func WriteJUnit(w io.Writer, all []Named) error {
	out := junitSuites{}
	for _, v := range all {
		s := junitSuite{Name: v.Name, Tests: len(v.Looks)}
		if v.Failed != "" {
			s.Tests, s.Errors = 1, 1
			s.Cases = []junitCase{{Class: v.Name, Name: v.Name, Error: &junitWhy{v.Failed}}}
		}
		for _, l := range v.Looks {
			c := junitCase{Class: v.Name, Name: l.Name}
			switch {
			case l.P != l.P:
				c.Skipped = &junitWhy{l.Note}
				s.Skipped++
			case float64(l.Adjusted) <= v.Alpha:
				c.Failure = &junitWhy{fmt.Sprintf("off by %.4g %s, p = %.2g after Holm", float64(l.Effect), l.Unit, float64(l.Adjusted))}
				s.Failures++
			case l.Undecided != "" || l.Margin > 0 && float64(l.Detectable) > l.Margin:
				c.Skipped = &junitWhy{max(l.Undecided, "a deviation that matters would not have been seen")}
				s.Skipped++
			}
			s.Cases = append(s.Cases, c)
		}
		out.Suites = append(out.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("junit: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}
