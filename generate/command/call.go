package command

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
	"unicode"
)

// Bounds of what a program may say.
const (
	longest = 1 << 20  // bytes of a line of standard output that is looked at
	logSize = 16 << 20 // bytes of a log, beyond which nothing is kept
	told    = 4 << 10  // bytes at the end of standard error that a message quotes
)

// A call is one process.
type call struct {
	program  Program
	verb     string
	env      []string
	log      string // a file that takes what it says; empty: nobody keeps it
	progress func(done float64, note string)
	answer   bool   // keep standard output in said
	said     []byte // standard output, at most longest bytes
}

// run starts the program, waits for it, and ends what it left running. An error says how it ended, and quotes the end
// of its standard error.
func (c *call) run(ctx context.Context) error {
	device, free, err := c.program.Slots.take(ctx)
	if err != nil {
		return err
	}
	defer free()
	limit, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	cmd := exec.CommandContext(limit, c.program.Run[0], append(c.program.Run[1:len(c.program.Run):len(c.program.Run)], c.verb)...)
	cmd.Env = append(os.Environ(), append(c.env, fmt.Sprintf("COLLAPSE_PROTOCOL=%d", Protocol), "COLLAPSE_VERB="+c.verb)...)
	if device >= 0 {
		cmd.Env = append(cmd.Env, fmt.Sprintf("CUDA_VISIBLE_DEVICES=%d", device))
	}
	group(cmd)
	cmd.WaitDelay = 2 * time.Second // for whoever keeps its output open
	log, err := openLog(c.log)
	if err != nil {
		return err
	}
	defer log.close()
	errs := &tail{to: log}
	cmd.Stderr = errs
	out := &spoken{call: c, log: log}
	cmd.Stdout = out
	err = cmd.Run()
	out.rest()
	endGroup(cmd)
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success():
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case limit.Err() != nil:
		return fmt.Errorf("%s %s: not done after %v: raise timeout, or find out why it hangs%s", c.program.name(), c.verb, c.timeout(), errs.quote(c.log))
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s: no such program: run names %q, which is neither in PATH nor a file: %w", c.program.name(), c.program.Run[0], err)
	}
	return fmt.Errorf("%s %s: %w%s", c.program.name(), c.verb, err, errs.quote(c.log))
}

func (c *call) timeout() time.Duration {
	if c.program.Timeout <= 0 {
		return time.Hour
	}
	return c.program.Timeout
}

// spoken takes standard output: lines of progress are shown, the others logged.
type spoken struct {
	call *call
	log  *log
	line []byte
}

func (s *spoken) Write(b []byte) (int, error) {
	if s.call.answer && len(s.call.said)+len(b) <= longest {
		s.call.said = append(s.call.said, b...)
	}
	for _, x := range b {
		if s.line = append(s.line, x); x == '\n' || len(s.line) > longest {
			s.rest()
		}
	}
	return len(b), nil
}

// rest takes a whole line, or what is left without an end.
func (s *spoken) rest() {
	line := s.line
	s.line = s.line[:0]
	var p struct {
		Progress *float64 `json:"progress"`
		Note     string   `json:"note"`
	}
	if len(line) > 1 && line[0] == '{' && json.Unmarshal(line, &p) == nil && p.Progress != nil {
		if s.call.progress != nil {
			s.call.progress(min(1, max(0, *p.Progress)), oneLine(p.Note))
		}
		return
	}
	s.log.write(line)
}

// oneLine is a note fit for a terminal: no control characters, at most 80 letters.
func oneLine(note string) string {
	letters := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, note))
	return string(letters[:min(80, len(letters))])
}

// tail takes standard error and remembers its end.
type tail struct {
	to  *log
	end []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.to.write(b)
	if t.end = append(t.end, b...); len(t.end) > told {
		t.end = t.end[len(t.end)-told:]
	}
	return len(b), nil
}

// quote is the last line, to be put behind a message, and where the others are, or before it the few that come before.
func (t *tail) quote(log string) string {
	lines := strings.Split(strings.TrimSpace(string(t.end)), "\n")
	last := lines[len(lines)-1]
	if last == "" {
		return ""
	}
	if log != "" {
		return ": " + last + " (all that it said: " + log + ")"
	}
	if lines = lines[max(0, len(lines)-5) : len(lines)-1]; len(lines) > 0 {
		return ": " + last + "\n  " + strings.Join(lines, "\n  ")
	}
	return ": " + last
}

// log is a file of bounded size that calls append to.
type log struct {
	mutex sync.Mutex
	file  *os.File
	left  int64
}

func openLog(name string) (*log, error) {
	if name == "" {
		return &log{}, nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	return &log{file: f, left: logSize - size}, err
}

func (l *log) write(b []byte) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.file == nil || l.left <= 0 {
		return
	}
	b = b[:min(int64(len(b)), l.left)]
	l.left -= int64(len(b))
	l.file.Write(b) // a log that cannot be written is no reason to lose a fit
}

func (l *log) close() {
	if l.file != nil {
		l.file.Close()
	}
}

// lines yields the lines of a file with their numbers, from 1.
func lines(name string, yield func(n int, line []byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 64<<20)
	n := 0
	for s.Scan() {
		if n++; len(s.Bytes()) > 0 {
			if err := yield(n, s.Bytes()); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}
