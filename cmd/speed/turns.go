package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// programs are both sides: this program itself, and the peers in a folder.
type programs struct {
	dir, self, python, versions string
}

// newPrograms unpacks the peers. A Python that lacks what they import is an error that says so.
func newPrograms(dir, python string) (*programs, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(dir, files); err != nil {
		return nil, err
	}
	p := &programs{dir: dir, self: self, python: python}
	out, err := p.output(python, "-c", "import platform, numpy, scipy, sklearn; print('Python', platform.python_version()+',', 'numpy', numpy.__version__+',', 'scipy', scipy.__version__+',', 'scikit-learn', sklearn.__version__)")
	if err != nil {
		return nil, fmt.Errorf("%s has no numpy, scipy or sklearn, or is not there (%w): install python3-numpy, python3-scipy and python3-sklearn, or name another with -python", python, err)
	}
	p.versions = strings.TrimSpace(string(out))
	return p, nil
}

// output runs a program on one thread.
func (p *programs) output(name string, args ...string) ([]byte, error) {
	c := exec.Command(name, args...)
	var said bytes.Buffer
	c.Dir, c.Stderr = p.dir, &said
	c.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1", "GOMAXPROCS=1")
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
	}
	return out, nil
}

func (p *programs) time(name string, args ...string) (t timing, err error) {
	out, err := p.output(name, args...)
	if err == nil {
		err = json.Unmarshal(out, &t)
	}
	return t, err
}

// A result is a row with its turns.
type result struct {
	row
	ours, peer []timing
}

// row times one row, ours and the peer in turn.
func (p *programs) row(r row, turns int) (res result, err error) {
	res.row = r
	ours := append([]string{"-check", r.check, "-ours", "configs/" + r.config + ".yaml"}, strings.Fields(r.overrides)...)
	peer := strings.Fields(r.peer)
	peer[0] = "peers/" + peer[0] + ".py"
	for range turns {
		t, err := p.time(p.self, ours...)
		if err != nil {
			return res, fmt.Errorf("ours: %w", err)
		}
		res.ours = append(res.ours, t)
		if t, err = p.time(p.python, peer...); err != nil {
			return res, fmt.Errorf("peer: %w", err)
		}
		res.peer = append(res.peer, t)
	}
	return res, nil
}

// median of one number of some timings.
func median(all []timing, of func(timing) float64) float64 {
	var x []float64
	for _, t := range all {
		x = append(x, of(t))
	}
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

func cpu(t timing) float64  { return t.CPU }
func wall(t timing) float64 { return t.Wall }

// ratio is how often our processor seconds go into the peer's.
func (r result) ratio() float64 { return median(r.peer, cpu) / median(r.ours, cpu) }

// apart is how far the two checked numbers lie apart, in standard errors of their difference; NaN where a side has one chain.
func (r result) apart() float64 {
	a, b := r.ours[0], r.peer[0]
	if a.SE == nil || b.SE == nil {
		return math.NaN()
	}
	return math.Abs(a.Mean-b.Mean) / max(math.Hypot(*a.SE, *b.SE), 1e-300)
}
