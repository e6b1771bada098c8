package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"modelcollapse/configs"
	"modelcollapse/evaluate/audit"
)

// A gate is bounds on the statistics of an audit.
type gate struct {
	file   *configs.Strict
	bounds []bound
}

// A bound is one line of it.
type bound struct {
	statistic, kind string // max, min: of what was found; excess: the largest effect, found less the null's mean
	limit           float64
	at              *configs.Entry
}

// A check is a bound that was looked at.
type check struct {
	name   string // such as "tail_loss.max 0.1"
	broken string // empty: it holds
}

var boundKinds = []string{"max", "min", "excess"}

// differing is the name under which a gate bounds how many statistics differ.
const differing = "differing"

// readGate reads bounds: names with dots, maps in maps, or both. No file has none.
func readGate(file string) (*gate, error) {
	g := &gate{}
	if file == "" {
		return g, nil
	}
	var err error
	if g.file, err = configs.ReadStrict(file); err != nil {
		return nil, usage(err)
	}
	if err := g.add("", g.file.Root); err != nil {
		return nil, usage(err)
	}
	if len(g.bounds) == 0 {
		return nil, errf("%s: there is no bound", file)
	}
	return g, nil
}

func (g *gate) add(above string, n *configs.Entry) error {
	return g.file.Each(n, func(key, value *configs.Entry) error {
		name := above + key.Value
		if value.Kind == configs.MapEntry {
			return g.add(name+".", value)
		}
		at := strings.LastIndexByte(name, '.')
		if kind := name[at+1:]; at < 0 || !slices.Contains(boundKinds, kind) {
			return g.file.At(key, "%s: a bound ends in .max, .min or .excess%s", name, hint(kind, boundKinds))
		}
		limit, err := g.file.Number(value)
		g.bounds = append(g.bounds, bound{name[:at], name[at+1:], limit, key})
		return err
	})
}

// check looks at every bound. A statistic that does not exist is an error of the file; one that was not measured breaks its bound.
func (g *gate) check(r *audit.Report) (all []check, err error) {
	names := []string{differing}
	for _, x := range r.Results {
		names = append(names, x.Name)
	}
	for name := range r.Unknown {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, b := range g.bounds {
		c := check{name: fmt.Sprintf("%s.%s %g", b.statistic, b.kind, b.limit)}
		x, ok := r.Result(b.statistic)
		why := r.Unknown[b.statistic]
		switch {
		case b.statistic == differing:
			n := 0
			for _, x := range r.Results {
				if x.Answer == audit.Differs {
					n++
				}
			}
			c.broken = b.broken(float64(n), float64(n))
		case ok && x.Answer == audit.Unmeasured:
			c.broken = "it could not be measured"
		case ok:
			c.broken = b.broken(float64(x.Found), float64(x.Effect))
		case why != "":
			c.broken = "not measured: " + why
		default:
			err = errors.Join(err, g.file.At(b.at, "unknown statistic %q%s; audit.json has their names", b.statistic, hint(b.statistic, names)))
		}
		all = append(all, c)
	}
	return all, usage(err)
}

// broken says how a value breaks the bound; empty: it does not.
func (b bound) broken(found, effect float64) string {
	x := found
	if b.kind == "excess" {
		x = effect
	}
	if b.kind == "min" && x >= b.limit || b.kind != "min" && x <= b.limit {
		return ""
	}
	return fmt.Sprintf("it is %.4g", x)
}
