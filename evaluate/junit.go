package evaluate

import (
	"cmp"
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

// A Case is one line of JUnit XML; at most one of Failed, Broken and Skipped says why it is not passed.
type Case struct {
	Name                    string
	Failed, Broken, Skipped string
}

// A Suite is cases of one name.
type Suite struct {
	Name  string
	Cases []Case
}

// WriteJUnit writes verdicts as JUnit XML: a suite a config, a case a look; a look that rejects after Holm is a failure,
// one that could not be made, or shows nothing, is skipped; a config
// without a verdict is an error.
func WriteJUnit(w io.Writer, all []Named) error {
	var suites []Suite
	for _, v := range all {
		s := Suite{Name: v.Name}
		if v.Failed != "" {
			s.Cases = []Case{{Name: v.Name, Broken: v.Failed}}
		}
		for _, l := range v.Looks {
			c := Case{Name: l.Name}
			switch {
			case l.P != l.P:
				c.Skipped = cmp.Or(l.Note, "not tested")
			case float64(l.Adjusted) <= v.Alpha:
				c.Failed = fmt.Sprintf("off by %.4g %s, p = %.2g after Holm", float64(l.Effect), l.Unit, float64(l.Adjusted))
			case l.Undecided != "" || l.Margin > 0 && float64(l.Detectable) > l.Margin:
				c.Skipped = cmp.Or(l.Undecided, "a deviation that matters would not have been seen")
			}
			s.Cases = append(s.Cases, c)
		}
		suites = append(suites, s)
	}
	return WriteSuites(w, suites)
}

// WriteSuites writes JUnit XML.
func WriteSuites(w io.Writer, all []Suite) error {
	out := junitSuites{}
	for _, suite := range all {
		s := junitSuite{Name: suite.Name, Tests: len(suite.Cases)}
		for _, c := range suite.Cases {
			x := junitCase{Class: suite.Name, Name: c.Name}
			switch {
			case c.Failed != "":
				x.Failure = &junitWhy{c.Failed}
				s.Failures++
			case c.Broken != "":
				x.Error = &junitWhy{c.Broken}
				s.Errors++
			case c.Skipped != "":
				x.Skipped = &junitWhy{c.Skipped}
				s.Skipped++
			}
			s.Cases = append(s.Cases, x)
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
