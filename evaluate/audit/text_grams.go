package audit

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"modelcollapse/generate/text"
	"modelcollapse/internal/num"
)

// grams counts word n-grams of one order at full size: counted once a bundle, and added up a split. An n-gram that occurs once in
// all documents adds the same wherever it is, so of those only the number is kept.
type grams struct {
	l      *library
	order  int
	counts [][]gramCount // of each bundle, by rising id
	once   []int         // of each bundle: n-grams that occur nowhere else and here once
	total  []int         // of each bundle
	hashes []uint64      // by id
	both   sync.Pool     // of *[]pair
	logs   []float64     // k ln k
}

type gramCount struct{ id, count uint32 }

// pair is the counts on the side of reference and of candidate.
type pair [2]int32

// gramsOf counts.
func gramsOf(l *library, order int) *grams {
	m := &grams{l: l, order: order, logs: make([]float64, 1<<12)}
	for k := 2; k < len(m.logs); k++ {
		m.logs[k] = float64(float64(k) * num.Log(float64(k)))
	}
	ids, as := m.number()
	m.bundle(ids, as)
	m.both.New = func() any { all := make([]pair, len(m.hashes)); return &all }
	return m
}

// rare is the id of an n-gram that occurs once.
const rare = math.MaxUint32

// number gives ids to n-grams, by their numbers, without those that occur once.
func (m *grams) number() (ids *text.Numbers, as []uint32) {
	ids = &text.Numbers{}
	var times []uint32
	var found []uint64
	for _, words := range m.l.marks {
		found = text.Grams(found[:0], words, m.order)
		for _, g := range found {
			id := ids.Of(g)
			if int(id) == len(times) {
				times = append(times, 0)
			}
			times[id]++
		}
	}
	as = make([]uint32, len(times))
	for id, n := range times {
		as[id] = rare
		if n > 1 {
			as[id], m.hashes = uint32(len(m.hashes)), append(m.hashes, 0)
		}
	}
	return ids, as
}

// bundle counts the n-grams of every bundle.
func (m *grams) bundle(ids *text.Numbers, as []uint32) {
	var in []uint32
	var found []uint64
	for _, documents := range m.l.bundles {
		once, total := 0, 0
		in = in[:0]
		for _, i := range documents {
			found = text.Grams(found[:0], m.l.marks[i], m.order)
			total += len(found)
			for _, g := range found {
				id, _ := ids.Known(g)
				if id = as[id]; id == rare {
					once++
					continue
				}
				m.hashes[id], in = g, append(in, id)
			}
		}
		m.counts, m.once, m.total = append(m.counts, runs(in)), append(m.once, once), append(m.total, total)
	}
}

// runs sorts ids and counts equal ones.
func runs(ids []uint32) []gramCount {
	slices.Sort(ids)
	var out []gramCount
	for k, id := range ids {
		if k == 0 || id != ids[k-1] {
			out = append(out, gramCount{id, 0})
		}
		out[len(out)-1].count++
	}
	return slices.Clip(out)
}

// compared is what a split's counts come to.
type compared struct {
	n       [2]float64  // n-grams on either side
	types   int         // of the candidate
	divides float64     // Jensen–Shannon divergence, nats
	classes []typeClass // of the reference's types, the rarest first
}

// typeClass is the types that occur equally often in the reference.
type typeClass struct {
	count, types, found int     // found: of types, those that the candidate has
	least               float64 // Σ min(p, q) over them
}

// compare counts both sides.
func (m *grams) compare(s Split) compared {
	room := m.both.Get().(*[]pair)
	defer m.both.Put(room)
	at := *room
	clear(at)
	var c compared
	var once, total [2]int
	for b, all := range m.counts {
		side := s.Side[m.l.bundles[b][0]]
		if side == Out {
			continue
		}
		k := int(side - Reference)
		once[k], total[k] = once[k]+m.once[b], total[k]+m.total[b]
		for _, g := range all {
			at[g.id][k] += int32(g.count)
		}
	}
	c.n = [2]float64{float64(total[0]), float64(total[1])}
	c.types = once[1]
	m.over(at, once[0], &c)
	return c
}

// distinct is the share of different n-grams on the candidate's side alone.
func (m *grams) distinct(s Split) float64 {
	room := m.both.Get().(*[]pair)
	defer m.both.Put(room)
	at := *room
	clear(at)
	types, total := 0, 0
	for b, all := range m.counts {
		if s.Side[m.l.bundles[b][0]] != Candidate {
			continue
		}
		types, total = types+m.once[b], total+m.total[b]
		for _, g := range all {
			if at[g.id][1]++; at[g.id][1] == 1 {
				types++
			}
		}
	}
	return float64(types) / float64(total)
}

// over goes over all types.
func (m *grams) over(at []pair, once int, c *compared) {
	classes := byCount{few: make([]typeClass, len(m.logs)), many: map[int]*typeClass{}}
	classes.few[1].types = once
	var logs [3]float64 // Σ k ln k of reference, candidate, both
	for _, n := range at {
		r, q := int(n[0]), int(n[1])
		if q > 0 {
			c.types++
		}
		if r > 0 {
			class := classes.of(r)
			class.types++
			if q > 0 {
				class.found++
				class.least += min(float64(r)/c.n[0], float64(q)/c.n[1])
			}
		}
		logs[0] += m.log(r)
		logs[1] += m.log(q)
		logs[2] += m.log(r + q)
	}
	both := c.n[0] + c.n[1]
	c.divides = num.Log(both) - (logs[2]-logs[0]-logs[1]+float64(c.n[0]*num.Log(c.n[0]))+float64(c.n[1]*num.Log(c.n[1])))/both
	c.classes = classes.sorted()
}

// byCount holds classes by the count in the reference: large ones, of which there are few, in a map.
type byCount struct {
	few  []typeClass
	many map[int]*typeClass
}

func (b byCount) of(count int) *typeClass {
	if count < len(b.few) {
		return &b.few[count]
	}
	if b.many[count] == nil {
		b.many[count] = &typeClass{}
	}
	return b.many[count]
}

// sorted are the classes that have types, the rarest first.
func (b byCount) sorted() (all []typeClass) {
	for count, class := range b.few {
		if class.count = count; class.types > 0 {
			all = append(all, class)
		}
	}
	large := len(all)
	for count, class := range b.many {
		class.count = count
		all = append(all, *class)
	}
	slices.SortFunc(all[large:], func(a, b typeClass) int { return cmp.Compare(a.count, b.count) })
	return all
}

// log is k ln k.
func (m *grams) log(k int) float64 {
	if k < len(m.logs) {
		return m.logs[k]
	}
	return float64(float64(k) * num.Log(float64(k)))
}

// decile is the types that hold a tenth of the reference's mass; d = 0 are the rarest. Where types of equal count lie across its
// border, a share of them belongs to it.
func (c compared) decile(d int) (types, found, mass, least float64) {
	low, high, begin := float64(d)/10, float64(d+1)/10, 0.0
	for _, r := range c.classes {
		whole := float64(r.count*r.types) / c.n[0]
		if inside := min(high, begin+whole) - max(low, begin); inside > 0 {
			part := inside / whole
			types, found = types+float64(part*float64(r.types)), found+float64(part*float64(r.found))
			mass, least = mass+inside, least+float64(part*r.least)
		}
		begin += whole
	}
	return types, found, mass, least
}

// lost is the share of the reference's mass whose types the candidate lacks.
func (c compared) lost() float64 {
	n := 0
	for _, r := range c.classes {
		n += r.count * (r.types - r.found)
	}
	return float64(n) / c.n[0]
}
