package server

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"strconv"

	"modelcollapse/generate"
	"modelcollapse/internal/num"
)

// Sampling is how a token is drawn: the temperature first, then top_k, top_p and min_p, each over what the one before left.
type Sampling struct {
	Temperature float64 // 1 is honest, 0 the likeliest token
	TopP        float64 // in (0, 1]; 1 is off
	TopK        int     // 0 and −1 are off
	MinP        float64 // least probability of a token, relative to the likeliest; 0 is off
	Cache       float64 // in [0, 1): weight of the n-grams of a chat's own messages; 0 is off
}

// Validate says which setting has no meaning.
func (s Sampling) Validate() error {
	switch {
	case !(s.Temperature >= 0) || math.IsInf(s.Temperature, 0):
		return invalid("temperature", "temperature: %g: must be at least 0", s.Temperature)
	case !(s.TopP > 0 && s.TopP <= 1):
		return invalid("top_p", "top_p: %g: must be above 0 and at most 1", s.TopP)
	case s.TopK < -1:
		return invalid("top_k", "top_k: %d: must be at least 1, or 0 or -1 for all tokens", s.TopK)
	case !(s.MinP >= 0 && s.MinP <= 1):
		return invalid("min_p", "min_p: %g: must lie in [0, 1]", s.MinP)
	case !(s.Cache >= 0 && s.Cache < 1):
		return invalid("cache", "cache: %g: must lie in [0, 1)", s.Cache)
	}
	return nil
}

// Defaults reads default settings such as top_k=40&min_p=0.05; what is not given is honest.
func Defaults(query url.Values) (s Sampling, err error) {
	s = Sampling{Temperature: 1, TopP: 1}
	for key, values := range query {
		value := values[len(values)-1]
		switch key {
		case "temperature":
			s.Temperature, err = strconv.ParseFloat(value, 64)
		case "top_p":
			s.TopP, err = strconv.ParseFloat(value, 64)
		case "top_k":
			s.TopK, err = strconv.Atoi(value)
		case "min_p":
			s.MinP, err = strconv.ParseFloat(value, 64)
		case "cache":
			s.Cache, err = strconv.ParseFloat(value, 64)
		default:
			err = fmt.Errorf("is no setting: temperature, top_p, top_k, min_p and cache are")
		}
		if err != nil {
			return s, fmt.Errorf("%s: %w", key, err)
		}
	}
	return s, s.Validate()
}

// weights are those of the first of choices that can be drawn, up to a factor. They are written to w.
func (s Sampling) weights(w []float64, choices []generate.Choice) []float64 {
	n := len(choices)
	switch {
	case s.Temperature == 0:
		n = min(n, 1)
	case s.TopK > 0: // the temperature keeps the order, so it need not see the rest
		n = min(n, s.TopK)
	}
	w = w[:0]
	for _, c := range choices[:n] {
		w = append(w, c.P)
	}
	if s.Temperature != 1 && s.Temperature != 0 {
		generate.Temper(w, s.Temperature)
	}
	if s.TopP < 1 {
		w = generate.Truncate(w, generate.Sampling{TopP: s.TopP})
	}
	if s.MinP > 0 && len(w) > 0 {
		least, n := float64(s.MinP*w[0]), 1
		for n < len(w) && w[n] >= least {
			n++
		}
		w = w[:n]
	}
	return w
}

// draw is the index of one of n weights.
func draw(w []float64, r *rand.Rand) int {
	u := float64(r.Float64() * num.Sum(w))
	for i, x := range w {
		if u -= x; u < 0 {
			return i
		}
	}
	return len(w) - 1
}
