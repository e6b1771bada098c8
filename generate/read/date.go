package read

import (
	"time"
	"unsafe"
)

// layouts are the dates that need no telling, all of them of ISO 8601: without a zone they are UTC.
var layouts = []string{
	"2006-01-02", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04", "2006-01-02 15:04",
}

// date reads a date, in seconds since 1970.
func date(field []byte) (float64, bool) {
	field = trimmed(field)
	if len(field) < 10 || field[4] != '-' || field[7] != '-' {
		return 0, false
	}
	text := unsafe.String(&field[0], len(field))
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.Unix()) + float64(t.Nanosecond())/1e9, true
		}
	}
	return 0, false
}

// DateOf reads a date as tables do, in seconds since 1970, UTC; false: it is none.
func DateOf(text string) (seconds float64, ok bool) { return date([]byte(text)) }
