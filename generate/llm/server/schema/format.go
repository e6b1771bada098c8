package schema

import (
	"fmt"
	"math/rand/v2"
	"time"

	"modelcollapse/internal/num"
)

// A maker draws a string of a format, with its quotes, and its log probability.
type maker func(r *rand.Rand) (text string, nats float64)

var formats = map[string]maker{"date": date, "date-time": dateTime, "uuid": uuid, "email": email}

const days = 36_525 // of 2000 to 2099

func date(r *rand.Rand) (string, float64) {
	t := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(days))
	return t.Format(`"2006-01-02"`), -num.Log(days)
}

func dateTime(r *rand.Rand) (string, float64) {
	const seconds = days * 86_400
	t := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(seconds)) * time.Second)
	return t.Format(`"2006-01-02T15:04:05Z"`), -num.Log(seconds)
}

// uuid is one of version 4: 122 bits by chance.
func uuid(r *rand.Rand) (string, float64) {
	a, b := r.Uint64(), r.Uint64()
	return fmt.Sprintf(`"%08x-%04x-4%03x-%04x-%012x"`, a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff), -122 * num.Log(2)
}

func email(r *rand.Rand) (string, float64) {
	name := make([]byte, 8)
	for i := range name {
		name[i] = 'a' + byte(r.IntN(26))
	}
	return fmt.Sprintf(`"%s@example.com"`, name), -float64(len(name)) * num.Log(26)
}
