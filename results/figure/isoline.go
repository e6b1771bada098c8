package figure

import "math"

// A march finds the lines of one level by marching squares: Lorensen and Cline (1987) in two dimensions. A line is a
// chain of crossings, each on the side of a cell; crossing 2k is on the side to the right of node k = j·len(X) + i,
// crossing 2k + 1 on the side above it.
type march struct {
	*Contours
	level float64
	next  [][2]int // the crossings that each is joined to, plus 1; 0: none
}

// lines are the lines of one level in data units. Those that leave the grid end there, the others end where they begin.
func (c *Contours) lines(level float64) (out [][][2]float64) {
	m := march{c, level, make([][2]int, 2*len(c.X)*len(c.Y))}
	for j := range len(c.Y) - 1 {
		for i := range len(c.X) - 1 {
			m.cell(i, j)
		}
	}
	for _, closed := range []bool{false, true} { // open lines first, from their ends
		for e := range m.next {
			if n := m.next[e]; n[0] != 0 && (closed || n[1] == 0) {
				out = append(out, m.walk(e))
			}
		}
	}
	return out
}

// cell joins the crossings of the cell whose first node is (i, j). Where opposite corners are high, its middle decides.
func (m *march) cell(i, j int) {
	z := [4]float64{m.Z[j][i], m.Z[j][i+1], m.Z[j+1][i+1], m.Z[j+1][i]}
	high, middle := 0, 0.0
	for k, v := range z {
		if math.IsNaN(v) || math.IsInf(v, 1) {
			return
		}
		if v >= m.level {
			high |= 1 << k
		}
		middle += v / 4
	}
	k := j*len(m.X) + i
	lower, right, upper, left := 2*k, 2*(k+1)+1, 2*(k+len(m.X)), 2*k+1
	switch high {
	case 1, 14:
		m.join(left, lower)
	case 2, 13:
		m.join(lower, right)
	case 4, 11:
		m.join(right, upper)
	case 8, 7:
		m.join(upper, left)
	case 3, 12:
		m.join(left, right)
	case 6, 9:
		m.join(lower, upper)
	case 5, 10:
		if (middle >= m.level) == (high == 5) { // the lines keep apart from the first corner's diagonal
			m.join(lower, right)
			m.join(upper, left)
		} else {
			m.join(left, lower)
			m.join(right, upper)
		}
	}
}

func (m *march) join(a, b int) {
	for _, l := range [][2]int{{a, b}, {b, a}} {
		n := &m.next[l[0]]
		n[0], n[1] = l[1]+1, n[0]
	}
}

// walk follows a line from e and takes its joints off.
func (m *march) walk(e int) (line [][2]float64) {
	for {
		line = append(line, m.crossing(e))
		to := m.next[e][0] - 1
		if to < 0 {
			return line
		}
		m.cut(e, to)
		m.cut(to, e)
		e = to
	}
}

func (m *march) cut(e, to int) {
	n := &m.next[e]
	if n[0] == to+1 {
		n[0] = n[1]
	}
	n[1] = 0
}

// crossing is where the level lies between the nodes of a side.
func (m *march) crossing(e int) [2]float64 {
	i, j := e/2%len(m.X), e/2/len(m.X)
	x, y, a := m.X[i], m.Y[j], m.Z[j][i]
	if e%2 == 0 {
		return [2]float64{between(x, m.X[i+1], m.share(a, m.Z[j][i+1])), y}
	}
	return [2]float64{x, between(y, m.Y[j+1], m.share(a, m.Z[j+1][i]))}
}

// share is how far from a to b the level lies; next to −Inf it is the other end.
func (m *march) share(a, b float64) float64 {
	switch {
	case math.IsInf(a, -1):
		return 1
	case math.IsInf(b, -1):
		return 0
	}
	return min(max((m.level/2-a/2)/(b/2-a/2), 0), 1)
}

func between(a, b, t float64) float64 { return a + float64(t*(b-a)) }
