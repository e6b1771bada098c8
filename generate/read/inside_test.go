package read

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// A stream that grows beyond what is allowed is refused, before it is held.
func TestBombs(t *testing.T) {
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	io.CopyN(w, zeros{}, 64<<20)
	w.Close()
	for _, c := range []struct {
		growth growth
		want   string
	}{
		{growth{total: 2 << 30, ratio: 1000, from: 32 << 20}, "gzip: grows beyond 1000 times its size"},
		{growth{total: 1 << 30 >> 6, ratio: 2000, from: 0}, "gzip: grows beyond 0 GiB"},
		{growth{total: 2 << 30, ratio: 1000, from: 1 << 30}, ""},
	} {
		text, packed, done, err := decompressed(bytes.NewReader(bomb.Bytes()), c.growth)
		if err != nil || !packed {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, text)
		done()
		if c.want == "" && (err != nil || n != 64<<20) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%d bytes, %v, want %q", n, err, c.want)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// repeated is the same bytes, again and again.
type repeated struct{ head, body string }

func (e *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if e.head == "" {
			e.head = e.body
		}
		k := copy(p[n:], e.head)
		n, e.head = n+k, e.head[k:]
	}
	return n, nil
}

// A line, a quoted field and a record without end are refused with their place, in bounded memory.
func TestGiants(t *testing.T) {
	a := strings.Repeat("a ", 1<<15)
	for _, c := range []struct {
		name, head string
		want       string
	}{
		{"a.csv", "x,y\n1,2\n3,", "3:1: longer than 64 MiB"},
		{"a.csv", "x,y\n1,\"", "2:1: longer than 64 MiB"},
		{"a.jsonl", "{\"x\":1}\n{\"x\":\"", "line 2: longer than 64 MiB"},
		{"a.json", "[{\"x\":1},{\"x\":\"", "longer than 64 MiB"},
	} {
		table := newTable(t.Context(), Options{}, nil)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		in := &input{name: c.name, format: formatOf(c.name), raw: &counted{from: io.LimitReader(&repeated{c.head, a}, 1<<30), to: nothing{}}}
		err := table.read(in)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 600<<20 {
			t.Errorf("%s: %d MiB", c.name, used>>20)
		}
	}
}

// nothing is a hash that costs nothing.
type nothing struct{}

func (nothing) Write(p []byte) (int, error) { return len(p), nil }
func (nothing) Sum([]byte) []byte           { return nil }
func (nothing) Reset()                      {}
func (nothing) Size() int                   { return 0 }
func (nothing) BlockSize() int              { return 1 }

// Numbers are those of strconv, to the last bit.
func TestNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	check := func(text string) {
		want, err := strconv.ParseFloat(text, 64)
		got, ok := number([]byte(text))
		if ok != (err == nil) || ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%q: %v %v, want %v %v", text, got, ok, want, err)
		}
	}
	for range 200_000 {
		x := math.Float64frombits(r.Uint64())
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		check(strconv.FormatFloat(x, 'g', -1, 64))
		check(strconv.FormatFloat(r.NormFloat64()*1000, 'f', r.IntN(25), 64))
		check(strconv.FormatUint(r.Uint64()>>r.IntN(64), 10))
	}
	for _, text := range []string{
		"0", "-0", "+1", "1.", ".5", "-.5", "9007199254740993", "9007199254740992", "9007199254740993.0", "1e22", "1e23", "1e400", "-1E-400", "0.1e1",
		"18446744073709551616", "99999999999999999999", "0.30000000000000004", "", "-", ".", "-.", "1e", "1..2", "1.2.3", "--1", "1-2", "e5", "+", "00012", "000000000000000000000000.5",
		"123456789012345678.5", "0.0000000000000000000000000001", "4.9e-324", "2.2250738585072011e-308",
	} {
		check(text)
	}
	for _, text := range []string{"inf", "NaN", "0x1p3", "1_000", "Infinity", "1,5", "1 2"} {
		if x, ok := number([]byte(text)); ok {
			t.Errorf("%q is %v", text, x)
		}
	}
}

// FuzzCSV compares with encoding/csv: what both take, they take alike; and neither takes what the other does not, but that
// we count fields later.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\nd\"\r\n\r\n1,", "a\"b", "\"a\"b", "\"", "a\r\nb\r", "\xef\xbb\xbfx\n", "\"a\r\n\r\nb\"\n", ",\n,\"\"\n\"\",\"\"\"\"", "\r", "a\rb\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
			return
		}
		std := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))))
		std.FieldsPerRecord = -1
		// a reader that gives a byte at a time, so that every boundary of a buffer is met
		ours, err := newCSV(io.MultiReader(bytes.NewReader(content[:len(content)/2]), bytes.NewReader(content[len(content)/2:])), ',')
		if err != nil {
			t.Fatal(err)
		}
		ours.buf = append(make([]byte, 0, len(ours.buf)), ours.buf[:max(ours.hi, 4)]...)
		for {
			want, wrong := std.Read()
			err := ours.record()
			if (err == nil) != (wrong == nil) || errors.Is(err, io.EOF) != errors.Is(wrong, io.EOF) {
				t.Fatalf("%q: %v, encoding/csv %v", content, err, wrong)
			}
			if err != nil {
				return
			}
			if len(want) != len(ours.fields) {
				t.Fatalf("%q: %q, encoding/csv %q", content, ours.fields, want)
			}
			for i, field := range want {
				if field != string(ours.fields[i]) {
					t.Fatalf("%q: %q, encoding/csv %q", content, ours.fields, want)
				}
				line, column := ours.place(i)
				if l, c := std.FieldPos(i); l != line || c != column {
					t.Fatalf("%q: field %d in %d:%d, encoding/csv %d:%d", content, i, line, column, l, c)
				}
			}
		}
	})
}

// FuzzObject compares with encoding/json: a table takes no line that it does not take, and texts and numbers are its own.
func FuzzObject(f *testing.F) {
	for _, s := range []string{`{"x":1,"y":"a"}`, `{"x":-0.5e3,"y":null}`, `{"x":"\u00e9\ud83d\ude00"}`, `{"x":[1,{"y":"}"}],"z":true}`, `{}`, `{"x":01}`, `{"":""}`, `{"x":1,"x":2}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if _, err := checkText(line); err != nil || bytes.ContainsAny(line, "\n") {
			return
		}
		table := newTable(t.Context(), Options{}, nil)
		err := table.object(&scan{b: line}, func() string { return "" })
		var want map[string]any
		wrong := json.Unmarshal(line, &want)
		if err == nil && wrong != nil {
			t.Fatalf("%q was taken: %v", line, wrong)
		}
		if err != nil && wrong == nil && strings.Contains(err.Error(), "not JSON") {
			t.Fatalf("%q: %v", line, err)
		}
		if err != nil {
			return
		}
		for _, c := range table.cols {
			switch v := want[c.Name].(type) {
			case float64:
				if c.Type == Numeric && c.Numbers[0] != v {
					t.Fatalf("%q: %s is %v", line, c.Name, c.Numbers)
				}
			case string:
				if c.Type == Category && c.Categories[c.Codes[0]] != v {
					t.Fatalf("%q: %s is %q", line, c.Name, c.Categories)
				}
			}
		}
	})
}

func TestSniff(t *testing.T) {
	for text, want := range map[string][2]format{
		"PAR1":                {parquets, parquets},
		"{\"a\":1}":           {jsonValues, jsonValues},
		"\xef\xbb\xbf [ {":    {jsonValues, jsonValues},
		"a\tb\n1,5\t2":        {tabs, plain},
		"a,b\tc\n":            {commas, plain},
		"":                    {commas, plain},
		"[a] {b}":             {commas, plain},
		"{ \"text\": \"x\" }": {jsonValues, jsonValues},
	} {
		for k, f := range want {
			if got := sniff(bufio.NewReader(strings.NewReader(text)), kinds(k)); got != f {
				t.Errorf("%q: %v, want %v", text, got, f)
			}
		}
	}
}
