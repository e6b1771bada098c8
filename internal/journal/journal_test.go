package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// The check value of CRC-32/ISCSI, the CRC of "123456789", is e3069283.
func TestChecksum(t *testing.T) {
	if got := string(journal.AppendCRC([]byte("123456789"), 0)); got != "123456789,\"crc\":\"e3069283\"}\n" {
		t.Error(got)
	}
}

// Whatever a kill leaves of the last line is dropped, and what is appended then stands behind the last whole one.
func TestTorn(t *testing.T) {
	dir := t.TempDir()
	folder, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	rapid.Check(t, func(r *rapid.T) {
		var whole []byte
		for _, s := range rapid.SliceOfN(rapid.String(), 1, 4).Draw(r, "texts") {
			whole = journal.AppendObject(whole, map[string]string{"text": s})
		}
		cut := rapid.IntRange(0, len(whole)).Draw(r, "cut")
		if err := os.WriteFile(folder.Path("j"), whole[:cut], 0o600); err != nil {
			r.Fatal(err)
		}
		good := whole[:bytes.LastIndexByte(whole[:cut], '\n')+1]
		j := journal.New(folder, "j")
		more := journal.AppendObject(nil, map[string]int{"n": 1})
		at, err := j.Append(more)
		if err != nil || at != int64(len(good)) {
			r.Fatalf("appended at %d of %d: %v", at, len(good), err)
		}
		back := make([]byte, len(more))
		if _, err := j.ReadAt(back, at); err != nil || !bytes.Equal(back, more) {
			r.Fatalf("%q: %v", back, err)
		}
		if err := j.Close(); err != nil {
			r.Fatal(err)
		}
		got, err := os.ReadFile(folder.Path("j"))
		if err != nil || string(got) != string(good)+string(more) {
			r.Fatalf("%q: %v", got, err)
		}
	})
}

func TestLock(t *testing.T) {
	folder, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	l, err := journal.Lock(folder, "lock", "what is locked")
	if err != nil {
		t.Fatal(err)
	}
	_, err = journal.Lock(folder, "lock", "what is locked")
	if !errors.Is(err, journal.ErrLocked) || !strings.HasPrefix(err.Error(), "what is locked: is being written by process "+fmt.Sprint(os.Getpid())) {
		t.Error(err)
	}
	if h, err := journal.HolderOf(folder, "lock"); err != nil || h == nil || h.PID != os.Getpid() {
		t.Error(h, err)
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	if h, err := journal.HolderOf(folder, "lock"); err != nil || h != nil {
		t.Error(h, err)
	}
}

func Example() {
	line := journal.AppendObject(nil, struct {
		Name string `json:"name"`
	}{"a"})
	fmt.Print(string(line))
	_, err := journal.CheckCRC(line)
	line[2] = 'm'
	_, changed := journal.CheckCRC(line)
	fmt.Println(err, changed)
	// Output:
	// {"name":"a","crc":"bee1617a"}
	// <nil> the checksum differs: the bytes were changed or cut
}
