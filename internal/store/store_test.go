package store

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"
)

func open(t testing.TB) *Folder {
	f, err := Make(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func put(s Store, name, text string) error {
	return s.Put(name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

func get(s Store, name string) (string, error) {
	r, err := s.Open(name)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	return string(b), err
}

// A Dir behaves as a map does, whatever the sequence of operations.
func TestDirIsAMap(t *testing.T) {
	base := open(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		s := base.Dir("run" + strings.Repeat("x", run))
		model := map[string]string{}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			name := rapid.SampledFrom([]string{"a", "b.txt", "c d", "é", "A-1"}).Draw(t, "name")
			switch rapid.IntRange(0, 2).Draw(t, "operation") {
			case 0:
				text := rapid.String().Draw(t, "text")
				if err := put(s, name, text); err != nil {
					t.Fatal(err)
				}
				model[name] = text
			case 1:
				if err := s.Delete(name); err != nil {
					t.Fatal(err)
				}
				delete(model, name)
			case 2:
				got, err := get(s, name)
				want, ok := model[name]
				if ok != (err == nil) || got != want || !ok && !errors.Is(err, fs.ErrNotExist) {
					t.Fatalf("%q: %q, %v; want %q, %v", name, got, err, want, ok)
				}
			}
		}
		names, err := s.Names()
		if err != nil || len(names) != len(model) {
			t.Fatalf("%q, %v; want the keys of %q", names, err, model)
		}
	})
}

func TestSub(t *testing.T) {
	f := open(t)
	s := f.Dir("state")
	if names, err := s.Names(); err != nil || names != nil {
		t.Error(names, err)
	}
	if err := put(s.Sub("fit-1"), "step", "7"); err != nil {
		t.Fatal(err)
	}
	if err := put(s, "next", "1"); err != nil {
		t.Fatal(err)
	}
	if names, _ := s.Names(); !reflect.DeepEqual(names, []string{"fit-1", "next"}) {
		t.Error(names)
	}
	if err := s.Delete("fit-1"); err != nil {
		t.Error(err)
	}
	if _, err := get(s.Sub("fit-1"), "step"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// No name escapes: neither by its text nor by a link that lies in the folder.
func TestNoNameEscapes(t *testing.T) {
	f := open(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(outside), f.Path("link")); err != nil {
		t.Skip("no links here:", err)
	}
	s := f.Dir("state")
	for _, name := range []string{"", ".", "..", "../x", "a/b", "/etc/passwd", `..\x`, "C:x", "a\x00b", ".hidden", strings.Repeat("x", 201)} {
		if put(s, name, "x") == nil {
			t.Errorf("Put(%q) was accepted", name)
		}
		if put(s.Sub(name), "x", "x") == nil {
			t.Errorf("Sub(%q) was accepted", name)
		}
		if _, err := s.Open(name); err == nil {
			t.Errorf("Open(%q) was accepted", name)
		}
		if s.Delete(name) == nil {
			t.Errorf("Delete(%q) was accepted", name)
		}
	}
	link := f.Dir("link")
	if text, err := get(link, "secret"); err == nil {
		t.Errorf("read %q through a link", text)
	}
	if put(link, "planted", "x") == nil || put(f.Dir("../../up"), "x", "x") == nil {
		t.Error("wrote outside")
	}
	if _, err := f.ReadFile("../../x"); err == nil {
		t.Error("read outside")
	}
	f.Remove("link/secret")
	if _, err := os.Stat(outside); err != nil {
		t.Error("deleted outside:", err)
	}
}

// Whatever operation of a Put fails, the old or the new is there, whole, and no temporary file.
func TestPutIsAtomic(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EIO, syscall.EROFS, ErrShort} {
		for at := 1; ; at++ {
			f := open(t)
			if err := f.PutBytes("sub/name", []byte("old")); err != nil {
				t.Fatal(err)
			}
			n := 0
			f.Fault = func(op, name string) error {
				if n++; n == at {
					return cause
				}
				return nil
			}
			err := f.PutBytes("sub/name", []byte("new bytes"))
			f.Fault = nil
			b, _ := f.ReadFile("sub/name")
			if s := string(b); s != "old" && s != "new bytes" || err == nil && s == "old" {
				t.Fatalf("operation %d: %q, %v", at, s, err)
			}
			if n < at {
				if err != nil || at < 5 {
					t.Fatal(at, err)
				}
				break
			}
			if !errors.Is(err, cause) || !strings.Contains(err.Error(), f.Path("sub")) || !strings.Contains(err.Error(), "run the same command again") {
				t.Fatalf("operation %d: %v", at, err)
			}
			if left, _ := filepath.Glob(f.Path("sub") + "/.*.tmp"); len(left) > 0 {
				t.Fatalf("operation %d left %v", at, left)
			}
		}
	}
}

func TestPutKeepsTheOldWhenWriteFails(t *testing.T) {
	f := open(t)
	if err := f.PutBytes("name", []byte("old")); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	err := f.Put("name", func(w io.Writer) error { w.Write(bytes.Repeat([]byte("x"), 1<<20)); return boom })
	if b, _ := f.ReadFile("name"); !errors.Is(err, boom) || string(b) != "old" {
		t.Error(err, len(b))
	}
}

func TestSweep(t *testing.T) {
	f := open(t)
	for _, name := range []string{"sub/kept", "sub/deep/kept"} {
		if err := f.PutBytes(name, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sub", "sub/deep"} {
		if err := os.WriteFile(f.Path(tempName(name+"/x")), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if names, _ := f.Names("sub"); len(names) != 2 {
		t.Error("a temporary name is listed:", names)
	}
	if err := f.Sweep(".", true); err != nil {
		t.Fatal(err)
	}
	left, _ := filepath.Glob(f.Path("sub") + "/.*")
	deep, _ := filepath.Glob(f.Path("sub/deep") + "/.*")
	if len(left)+len(deep) > 0 || !f.Exists("sub/kept") || !f.Exists("sub/deep/kept") {
		t.Error(left, deep)
	}
}

func TestAppend(t *testing.T) {
	f := open(t)
	for i, want := range []int64{0, 3} {
		file, size, err := f.OpenAppend("sub/log")
		if err != nil || size != want {
			t.Fatal(i, size, err)
		}
		file.Write([]byte("abcd"))
		if err := errors.Join(file.Sync(), file.Truncate(want+3), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := f.ReadFile("sub/log"); string(b) != "abcabc" {
		t.Errorf("%q %v", b, err)
	}
}
