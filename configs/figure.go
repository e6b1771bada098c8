package configs

import (
	"fmt"
	"regexp"
	"slices"
)

// A Figure is one plot: series over generations, one line an arm; or rows of two columns, one row of panels an arm.
type Figure struct {
	Name    string   `json:"name" doc:"The file's base name; empty: the series' name, or scatter."`
	Title   string   `json:"title" doc:"Printed above; empty: the config's title."`
	Metric  string   `json:"metric" doc:"The series that is drawn."`
	Metrics []string `json:"metrics" doc:"Several series, one panel each."`
	Scatter *[]int   `json:"scatter" min:"0" doc:"Generations whose rows are shown, as the metric scatter attaches them; an empty list: up to six."`
	Theory  bool     `json:"theory" doc:"Lay the exact prediction over it, where there is one."`
	Scale   string   `json:"scale" default:"auto" enum:"auto,linear,log" doc:"The vertical axis."`
}

// Series are the names of what the figure draws, in order.
func (f Figure) Series() []string {
	if f.Metric == "" {
		return f.Metrics
	}
	return append([]string{f.Metric}, f.Metrics...)
}

// figureName is what files may be called on any system; empty: the series names them.
var figureName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]{0,99})?$`)

// Validate checks that a figure draws something, into a file of its own.
func (f Figure) Validate() error {
	if f.Metric != "" && len(f.Metrics) > 0 {
		return fmt.Errorf("give metric or metrics, not both")
	}
	switch drawn := len(f.Series()) > 0; {
	case f.Scatter != nil && drawn:
		return fmt.Errorf("give scatter or metric, not both")
	case f.Scatter == nil && !drawn:
		return fmt.Errorf("names no series; add metric: NAME")
	}
	if !figureName.MatchString(f.Name) {
		return fmt.Errorf("name: %q: want letters, digits, and . _ - inside, at most 100", f.Name)
	}
	return nil
}

// scatterMetric is the metric whose attachments a figure's scatter shows.
const scatterMetric = "scatter"

// validateScatter checks that what a scatter shows is attached.
func (f Figure) validateScatter(c Config) error {
	if f.Scatter == nil {
		return nil
	}
	if !slices.ContainsFunc(c.Metrics, func(m Spec) bool { return m.Kind == scatterMetric }) {
		return fmt.Errorf("it draws what the metric %s attaches; add that to metrics", scatterMetric)
	}
	for _, g := range *f.Scatter {
		if !c.Every.Includes(g, c.Generations) {
			return fmt.Errorf("generation %d is not measured", g)
		}
	}
	if len(*f.Scatter) > 0 {
		return distinct(*f.Scatter)
	}
	return nil
}
