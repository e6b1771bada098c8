package audit

import (
	"context"
	"fmt"

	"modelcollapse/generate/text"
	"modelcollapse/internal/rng"
)

// fewDocuments is what the real set must have at least, and the synthetic one half of.
const fewDocuments = 20

// sampleLimit is how many documents a side dear statistics look at.
const sampleLimit = 1000

// Text audits a synthetic set of texts. Sides have equal tokens: words and marks, lower-cased.
func Text(ctx context.Context, t Texts, o Options) (*Report, error) {
	r, err := auditTexts(ctx, t, o.filled(), sampleLimit)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return r, nil
}

// auditTexts is Text with dear statistics on limit documents a side.
func auditTexts(ctx context.Context, t Texts, o Options, limit int) (*Report, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	l, err := libraryOf(ctx, t.Real, t.Synthetic, o, streamOf(o, "library"))
	if err != nil {
		return nil, err
	}
	r := &Report{Kind: "text", Unit: "tokens", Read: []Read{
		t.Real.read("real", l.written(0, l.real)), t.Synthetic.read("synthetic", l.written(l.real, len(l.texts)))}}
	words, family, err := textFamily(ctx, l, o, limit)
	if err != nil {
		return nil, err
	}
	family.measures = append(family.measures, t.exposed(r, o)...)
	leak, err := t.leakFamily(ctx, r, o)
	if err != nil {
		return nil, err
	}
	if err := r.conclude(ctx, o, family, leak); err != nil {
		return nil, err
	}
	r.setGaps(words.gaps(), t.SmallCells)
	l.spellGaps(r, words)
	r.Curves = append(r.Curves, typeCurves()...)
	r.textWords(t)
	return r, nil
}

// check says what is wrong with the sets.
func (t Texts) check() error {
	if err := t.Real.check("real", fewDocuments); err != nil {
		return err
	}
	if err := t.Synthetic.check("synthetic", fewDocuments/2); err != nil {
		return err
	}
	if t.HoldOut != nil {
		if err := t.HoldOut.check("hold-out", fewDocuments/2); err != nil {
			return err
		}
	}
	return t.heldOut()
}

// read is what a report says of a set.
func (d *Documents) read(set, written string) Read {
	r := d.Read
	r.Set, r.Rows = set, len(d.Texts)
	r.Notes = append([]string{written}, r.Notes...)
	return r
}

// textFamily prepares what compares the real with the synthetic set.
func textFamily(ctx context.Context, l *library, o Options, limit int) (words *grams, f family, err error) {
	repetition := make([]text.Repetition, len(l.texts))
	var grams2 *grams
	var copies *phrases
	var same *likeness
	var failed error
	err = l.eachChunk(ctx, func(from, to int) {
		var p text.Repeater
		for i := from; i < to; i++ {
			repetition[i] = p.Of(l.texts[i])
		}
	})
	if err != nil {
		return nil, f, err
	}
	err = each(ctx, o.Jobs, []func(){
		func() { words = gramsOf(l, 1) }, func() { grams2 = gramsOf(l, 2) }, func() { copies = phrasesOf(l) },
		func() { same, failed = likenessOf(ctx, l) },
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return nil, f, err
	}
	f = family{name: "documents", units: l.units(),
		measures: []Measure{flagsOf(l, repetition), lengthsOf(l), words, grams2, compressionOf(l), same, copies}}
	if n := l.sampled(limit); n >= 10 {
		few, err := sampledOf(l, n, rng.Root(o.Seed).Child("audit", 0).Child("cells", 0))
		if err != nil {
			return nil, f, err
		}
		f.measures = append(f.measures, few)
	}
	return words, f, nil
}

// leakFamily compares training documents with a hold-out, if there is one.
func (t Texts) leakFamily(ctx context.Context, r *Report, o Options) (f family, err error) {
	f = family{name: "leak", paired: true}
	if t.HoldOut == nil {
		r.miss("give --holdout: real documents that the generator never saw", (&leaked{}).Statistics()...)
		return f, nil
	}
	l, err := libraryOf(ctx, t.HoldOut, t.Real, o, streamOf(o, "hold-out"))
	if err != nil {
		return f, err
	}
	r.Read = append(r.Read, t.HoldOut.read("hold-out", l.written(0, l.real)))
	m, err := leakedOf(ctx, l, t.Synthetic, o)
	if err != nil {
		return f, err
	}
	f.units, f.measures = l.units(), []Measure{m}
	return f, nil
}
