package figure

import "math"

// Values beyond huge count as infinite and, on a log axis, values under tiny as
// zero, so that no sum or power of them overflows.
const (
	huge = 1e300
	tiny = 1e-300
)

// narrowest is the least relative range that still gives labels of some digits.
const narrowest = 1e-6

// zone says where on an axis a value lies.
type zone int

const (
	inside  zone = iota
	missing      // NaN
	under        // on the lane below: ≤ 0 on a log axis, −Inf
	over         // on the lane above: +Inf
)

// extent collects what the values on one axis span.
type extent struct {
	log         bool
	lo, hi      float64 // finite values (positive on a log axis); lo > hi: none
	zero, minus bool    // a value 0 or below on a log axis
	downs, ups  bool    // −Inf, +Inf
	integer     bool    // every finite value is whole
}

func newExtent(log bool) extent {
	return extent{log: log, lo: math.Inf(1), hi: math.Inf(-1), integer: true}
}

func (e *extent) add(vs ...float64) {
	for _, v := range vs {
		switch v = tame(v, e.log); {
		case math.IsNaN(v):
		case math.IsInf(v, 1):
			e.ups = true
		case e.log && v == 0:
			e.zero = true
		case math.IsInf(v, -1) && !e.log:
			e.downs = true
		case e.log && v < 0:
			e.minus = true
		default:
			e.lo, e.hi = min(e.lo, v), max(e.hi, v)
			e.integer = e.integer && v == math.Trunc(v)
		}
	}
}

// tame moves values that arithmetic on an axis cannot carry to 0 or infinity.
func tame(v float64, log bool) float64 {
	switch {
	case v > huge:
		return math.Inf(1)
	case v < -huge:
		return math.Inf(-1)
	case log && v < tiny && v > 0:
		return 0
	}
	return v
}

// scale maps values to positions along one axis, in points.
type scale struct {
	log          bool
	bare         bool     // no finite value: the axis carries no numbers
	lo, hi       float64  // axis units: the value, or its log10
	names        []string // what stands at 1, 2, …; nil: numbers
	below, above string   // labels of the lanes, "" where there is none
	from, to     float64  // positions of lo and hi
	floor, top   float64  // positions of the lanes
}

// newScale chooses the range: the limits of the axis where they are given, else
// the data with a margin of pad on each side. A linear axis of values that come
// near 0 from above starts at 0 when zero is set.
func newScale(a Axis, e extent, pad float64, zero bool) scale {
	s := scale{log: a.Log, lo: e.lo, hi: e.hi, bare: e.lo > e.hi, names: a.Names}
	s.lanes(e)
	if s.bare {
		s.lo, s.hi = 1, 1
	}
	if a.Log {
		s.lo, s.hi = math.Log10(s.lo), math.Log10(s.hi)
	}
	fromZero := zero && !a.Log && a.Names == nil && s.lo >= 0 && s.lo <= 0.35*s.hi
	s.widen()
	d := s.hi - s.lo
	s.lo, s.hi = s.lo-pad*d, s.hi+pad*d
	if fromZero {
		s.lo = 0
	}
	s.limit(a)
	return s
}

// limit applies the limits of a. A limit that leaves no room to the data's end
// moves that end.
func (s *scale) limit(a Axis) {
	if a.Min != nil {
		s.lo = s.units(*a.Min)
	}
	if a.Max != nil {
		s.hi = s.units(*a.Max)
	}
	s.bare = s.bare && (a.Min == nil || a.Max == nil)
	size := max(math.Abs(s.lo), math.Abs(s.hi), tiny)
	least := size * narrowest
	if s.log {
		size, least = 1, narrowest/10
	}
	if s.hi-s.lo > least {
		return
	}
	if a.Max == nil {
		s.hi = s.lo + size/2
	} else {
		s.lo = s.hi - size/2
	}
}

// lanes names the lanes that the data need.
func (s *scale) lanes(e extent) {
	switch {
	case e.minus:
		s.below = "≤ 0"
	case e.zero:
		s.below = "0"
	case e.downs:
		s.below = minus + "∞"
	}
	if e.ups {
		s.above = "∞"
	}
}

// widen opens a range too narrow for distinct labels: to a factor of two on a
// log axis, to a millionth of the value on a linear one.
func (s *scale) widen() {
	if s.log {
		if short := math.Log10(2) - (s.hi - s.lo); short > 0 {
			s.lo, s.hi = s.lo-short/2, s.hi+short/2
		}
		return
	}
	size := max(math.Abs(s.lo), math.Abs(s.hi))
	switch d := s.hi - s.lo; {
	case size < 1e-290:
		s.lo, s.hi = 0, 1
	case d <= narrowest*size:
		mid := s.lo/2 + s.hi/2
		s.lo, s.hi = mid-size/10, mid+size/10
	}
}

func (s *scale) units(v float64) float64 {
	if s.log {
		return math.Log10(v)
	}
	return v
}

// place spans the axis from position from (low values) to position to (high
// values); lanes take lane points at the ends that have one.
func (s *scale) place(from, to, lane float64) {
	sign := 1.0
	if to < from {
		sign = -1
	}
	s.from, s.to, s.floor, s.top = from, to, from, to
	if s.below != "" {
		s.floor, s.from = from+sign*lane*0.35, from+sign*lane
	}
	if s.above != "" {
		s.top, s.to = to-sign*lane*0.35, to-sign*lane
	}
}

// at is the position of v. Positions of finite values beyond the limits are
// kept within a page or so of the axis: the curves are cut there anyway.
func (s *scale) at(v float64) (float64, zone) {
	switch v = tame(v, s.log); {
	case math.IsNaN(v):
		return 0, missing
	case math.IsInf(v, 1):
		return s.top, over
	case math.IsInf(v, -1), s.log && v <= 0:
		return s.floor, under
	}
	return s.pos(s.units(v)), inside
}

// pos is the position of u, given in axis units.
func (s *scale) pos(u float64) float64 {
	t := (u/2 - s.lo/2) / (s.hi/2 - s.lo/2)
	t = min(max(t, -20), 21)
	return s.from + t*(s.to-s.from)
}

// ticks marks the axis with at most limit labels.
func (s *scale) ticks(integer bool, limit int) []tick {
	switch {
	case s.bare:
		return nil
	case s.names != nil:
		return namedTicks(s.names)
	case s.log:
		return logTicks(s.lo, s.hi, limit)
	}
	return linearTicks(s.lo, s.hi, integer, limit)
}
