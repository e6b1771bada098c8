package command

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A noted call: digests of what a program was given and of what it gave. They are how a rerun is known to differ.
type noted struct {
	Generation int    `json:"generation"`
	Node       int    `json:"node"`
	Verb       string `json:"verb"`
	Given      string `json:"given"`
	Made       string `json:"made"`
}

// note appends a call to calls.jsonl of the cell, and says where an earlier process was given the same and got something
// else. What cannot be noted is no reason to lose a fit.
func (f *fitted[E]) note(verb, given, made string) {
	if f.Temporary {
		return
	}
	now := noted{f.Generation, f.Node, verb, given, made}
	for _, was := range f.earlier {
		if was.Verb == verb && was.Given == given && was.Made != made {
			f.warn(now, was)
		}
	}
	b, err := json.Marshal(now)
	if err != nil {
		return
	}
	file, err := os.OpenFile(f.callsFile(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return
	}
	defer file.Close()
	file.Write(append(b, '\n'))
}

func (f *fitted[E]) callsFile() string { return filepath.Join(f.Dir, "calls.jsonl") }

// calls are those of this fit that were noted.
func (f *fitted[E]) calls() (all []noted) {
	b, err := os.ReadFile(f.callsFile())
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(b)) {
		var n noted
		if json.Unmarshal([]byte(line), &n) == nil && n.Generation == f.Generation && n.Node == f.Node {
			all = append(all, n)
		}
	}
	return all
}

// warn says in the log that a program is not reproducible.
func (f *fitted[E]) warn(now, was noted) {
	text := "not reproducible: " + now.Verb + " was given the same as in an earlier run and gave something else"
	f.differs.Store(&text)
	l, err := openLog(filepath.Join(f.Dir, "log.txt"))
	if err != nil {
		return
	}
	defer l.close()
	l.write([]byte("collapse: not reproducible: " + now.Verb + " of generation " + strconv.Itoa(now.Generation) + " was given the same as before and gave sha256 " +
		now.Made + ", before " + was.Made + "\n"))
}

// digestFile is the SHA-256 of a file, in hex.
func digestFile(name string) (string, error) {
	h := sha256.New()
	err := addFile(h, name)
	return hex.EncodeToString(h.Sum(nil)), err
}
