package results

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/journal"
)

func same(a, b Record) bool {
	if len(a.Values) != len(b.Values) || len(a.Draws) != len(b.Draws) || a.Generation != b.Generation || a.Note != b.Note {
		return false
	}
	for i := range a.Values {
		if !a.Values[i].names(b.Values[i]) || !sameBits(a.Values[i].X, b.Values[i].X) {
			return false
		}
	}
	return len(a.Draws) == 0 || reflect.DeepEqual(a.Draws, b.Draws)
}

func drawRecord(t *rapid.T) Record {
	float := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1),
		0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64, 1e21, 1e-6, 1e-7, 0.1}))
	value := rapid.Custom(func(t *rapid.T) Value {
		return Value{rapid.IntRange(-3, 1<<40).Draw(t, "node"), rapid.String().Draw(t, "series"), float.Draw(t, "x")}
	})
	draw := rapid.Custom(func(t *rapid.T) Realised {
		n := rapid.Int64()
		return Realised{n.Draw(t, "r"), n.Draw(t, "s"), n.Draw(t, "p"), n.Draw(t, "d")}
	})
	return Record{rapid.IntRange(0, math.MaxInt).Draw(t, "g"), rapid.SliceOf(draw).Draw(t, "draws"),
		rapid.SliceOf(value).Draw(t, "values"), rapid.String().Draw(t, "note")}
}

func TestRecordRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t)
		line := AppendRecord(nil, r)
		var back Record
		if err := ParseRecord(line, &back); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if !same(r, back) {
			t.Fatalf("%s: %+v came back as %+v", line, r, back)
		}
		if again := AppendRecord(nil, back); string(again) != string(line) {
			t.Fatalf("%s\n%s", line, again)
		}
		if !json.Valid(line) || strings.Count(string(line), "\n") != 1 {
			t.Fatalf("%q is no line of JSON", line)
		}
	})
}

func TestRecordForm(t *testing.T) {
	r := Record{3, []Realised{{1, 2, 3, 4}, {}}, []Value{{0, "tail_loss", 0.31}, {1, "variance", 1.2}, {0, "x", math.NaN()}}, "a \"b\""}
	want := `{"g":3,"draws":[[1,2,3,4],[0,0,0,0]],"v":[["tail_loss",0.31],["variance",1.2,1],["x","NaN"]],"note":"a \"b\"","crc":"`
	got := string(AppendRecord(nil, r))
	if !strings.HasPrefix(got, want) {
		t.Errorf("got  %swant %s...", got, want)
	}
	bad := AppendRecord(nil, Record{Note: "a\xffb"})
	var back Record
	must(t, ParseRecord(bad, &back))
	if back.Note != "a\uFFFDb" {
		t.Errorf("a byte that is not UTF-8 came back as %q", back.Note)
	}
}

func TestRecordEveryBitFlip(t *testing.T) {
	line := AppendRecord(nil, record("c00", 2, twoMetrics))
	var r Record
	for i := range line {
		for bit := range 8 {
			line[i] ^= 1 << bit
			if ParseRecord(line, &r) == nil {
				t.Errorf("byte %d, bit %d: flipped and not found: %s", i, bit, line)
			}
			line[i] ^= 1 << bit
		}
	}
	for i := range line {
		if ParseRecord(line[:i], &r) == nil {
			t.Errorf("cut at byte %d and not found", i)
		}
	}
}

// FuzzParseRecord gives the parser any text under a right checksum: it must refuse it or read what it writes.
func FuzzParseRecord(f *testing.F) {
	for g := range 3 {
		line := AppendRecord(nil, record("c00", g, twoMetrics))
		f.Add(line[:len(line)-journal.Tail])
	}
	f.Add([]byte(`{"g":1,"v":[["a\u0041\\",1e400]]`))
	f.Add([]byte(`{"g":99999999999999999999`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var r, back Record
		if ParseRecord(journal.AppendCRC(append([]byte{}, body...), 0), &r) != nil {
			return
		}
		if err := ParseRecord(AppendRecord(nil, r), &back); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		r.Note = strings.ToValidUTF8(r.Note, "\uFFFD") // a body may hold bytes that are not UTF-8; they are read as they are
		for i := range r.Values {
			r.Values[i].Series = strings.ToValidUTF8(r.Values[i].Series, "\uFFFD")
		}
		if len(r.Values) != len(back.Values) || len(r.Draws) != len(back.Draws) {
			t.Fatalf("%q: %+v came back as %+v", body, r, back)
		}
	})
}

func eight() Record {
	r := Record{Generation: 17, Draws: []Realised{{0, 100000, 0, 0}}}
	for _, s := range []string{"tail_loss", "tail_loss.bigram", "perplexity", "data_perplexity{jm}", "distinct.2@100000", "variance", "mean", "entropy"} {
		r.Values = append(r.Values, Value{0, s, 1 / (3 + float64(len(r.Values)))})
	}
	return r
}

func BenchmarkAppendRecord(b *testing.B) {
	r, buf := eight(), make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendRecord(buf[:0], r)
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkParseRecord(b *testing.B) {
	line := AppendRecord(nil, eight())
	var d decoder
	var r Record
	b.ReportAllocs()
	for b.Loop() {
		if err := d.record(line, &r); err != nil {
			b.Fatal(err)
		}
	}
}
