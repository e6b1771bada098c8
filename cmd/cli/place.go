package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// pathForm is a key, as errors that are found before a run begin with it.
var pathForm = regexp.MustCompile(`^[a-z_]+(\[[0-9]+\])?(\.[a-z_]+)*$`)

// origins say where the keys of a config stand; configs.Loaded and configs.Document do.
type origins interface{ Origin(path string) string }

// placed says where in the config the key stands that an error begins with; an error that names no key stays as it is.
func placed(l origins, name string, err error) error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, placed(l, name, e))
		}
		return errors.Join(all...)
	}
	if at := whereOf(l, err.Error()); at != "" {
		return fmt.Errorf("%s: %w", at, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// whereOf is FILE:LINE:COLUMN of the longest key that a message begins with: "workflow mix: real.share: …" speaks of
// workflow.real.share.
func whereOf(l origins, message string) (at string) {
	words := strings.Split(message, ": ")
	if strings.HasPrefix(words[0], "arm ") {
		words = words[1:]
	}
	section, _, _ := strings.Cut(words[0], " ")
	if section == "metric" {
		section = "metrics"
	}
	for i := range 3 { // the section, and the next two words as a key in it: a stage is named before its key
		path := section
		if i > 0 && len(words) <= i+1 {
			break
		} else if i > 0 {
			path += "." + words[i]
		}
		if !pathForm.MatchString(path) {
			continue
		}
		if origin := l.Origin(path); strings.Count(origin, ":") >= 2 || origin == "command line" {
			at = origin
		}
	}
	return at
}
