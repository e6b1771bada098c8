package pipeline

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"

	"modelcollapse/internal/rng"
	"modelcollapse/internal/store"
)

// maxPooled is how many seeds are kept in memory to be shown as examples: of more, a uniform sample.
const maxPooled = 4096

// A Pool is what examples are sampled from: seeds in memory, and records that were kept so far in a file, of which memory
// holds where each begins (8 bytes a record).
type Pool struct {
	seeds   []Record
	shown   map[int]bool // which of the seeds were examples
	seen    int
	choose  *rand.Rand
	folder  *store.Folder
	file    *store.File
	offsets []int64
	ready   int // of the offsets: records of windows that are over, which examples may show
	end     int64
	wanted  bool // somebody shows kept records
}

// poolFile holds the kept records while a pipeline runs.
const poolFile = ".kept"

// NewPool makes an empty pool, whose file is in a folder; key decides which seeds stay where there are many.
func NewPool(folder *store.Folder, key rng.Key) *Pool {
	return &Pool{shown: map[int]bool{}, choose: key.Child("pool", 0).Stream(), folder: folder}
}

// within says whether a path is the folder of the data set that is being made.
func (p *Pool) within(path string) bool {
	if p.folder == nil {
		return false
	}
	a, err := os.Stat(path)
	b, other := os.Stat(p.folder.Path("."))
	return err == nil && other == nil && os.SameFile(a, b)
}

// seed offers a seed: algorithm R of Vitter (1985).
func (p *Pool) seed(r Record) {
	if p.seen++; len(p.seeds) < maxPooled {
		p.seeds = append(p.seeds, r)
	} else if i := p.choose.IntN(p.seen); i < maxPooled {
		p.seeds[i] = r
	}
}

// names are the fields of the seeds.
func (p *Pool) names() *Names {
	known, n := newFieldCount(), &Names{}
	for _, r := range p.seeds {
		known.add(r.Fields, r.Origin)
	}
	known.into(n)
	return n
}

// keep adds a record that is in the data set.
func (p *Pool) keep(r Record) error {
	if p.folder == nil || !p.wanted {
		return nil
	}
	if p.file == nil {
		if err := p.folder.Remove(poolFile); err != nil {
			return err
		}
		file, _, err := p.folder.OpenAppend(poolFile)
		if err != nil {
			return err
		}
		p.file = file
	}
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	line := append(binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body...)
	if _, err := p.file.Write(line); err != nil {
		return err
	}
	p.offsets = append(p.offsets, p.end)
	p.end += int64(len(line))
	return nil
}

// show lets examples show what was kept so far.
func (p *Pool) show() { p.ready = len(p.offsets) }

// kept reads record i of the kept ones.
func (p *Pool) kept(i int) (r Record, err error) {
	var head [4]byte
	if _, err := p.file.ReadAt(head[:], p.offsets[i]); err != nil {
		return r, err
	}
	body := make([]byte, binary.LittleEndian.Uint32(head[:]))
	if _, err := p.file.ReadAt(body, p.offsets[i]+4); err != nil {
		return r, err
	}
	if err := decodeJSON(body, &r); err != nil {
		return r, fmt.Errorf("%s: %w", p.folder.Path(poolFile), err)
	}
	return r, nil
}

// sample draws different records: of the seeds and of the kept ones, seeds standing in for kept ones that are not there yet;
// the order is drawn too.
func (p *Pool) sample(seeds, kept int, rng *rand.Rand) ([]Record, error) {
	there := min(kept, p.ready)
	var out []Record
	for _, i := range choose(min(seeds+kept-there, len(p.seeds)), len(p.seeds), rng) {
		out = append(out, p.seeds[i])
		p.shown[i] = true
	}
	for _, i := range choose(there, p.ready, rng) {
		r, err := p.kept(i)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out, nil
}

// unwritten are the seeds that were examples and are not among those that were written, in their order.
func (p *Pool) unwritten(written map[string]bool) (out []Record) {
	for i, r := range p.seeds {
		if p.shown[i] && !written[r.ID] {
			out = append(out, r)
		}
	}
	return out
}

// choose draws k different numbers below n (Floyd's algorithm: Bentley 1987).
func choose(k, n int, rng *rand.Rand) (chosen []int) {
	taken := map[int]bool{}
	for j := n - k; j < n; j++ {
		i := rng.IntN(j + 1)
		if taken[i] {
			i = j
		}
		taken[i] = true
		chosen = append(chosen, i)
	}
	return chosen
}

// Close deletes the file.
func (p *Pool) Close() error {
	if p.file == nil {
		return nil
	}
	err := p.file.Close()
	p.file = nil
	if e := p.folder.Remove(poolFile); err == nil {
		err = e
	}
	return err
}
