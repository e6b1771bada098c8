package results

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelcollapse/internal/journal"
)

func TestLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r, err := Create(dir, small(1))
	must(t, err)
	host, _ := os.Hostname()
	_, err = Create(dir, small(1))
	if !errors.Is(err, journal.ErrLocked) {
		t.Fatal(err)
	}
	for _, want := range []string{dir, fmt.Sprintf("process %d", os.Getpid()), host, "wait until it is done, or stop it"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	v, err := OpenRun(dir) // readers need no lock
	must(t, err)
	must(t, v.Close())
	must(t, r.Close())
	r, err = Create(dir, small(1))
	must(t, err)
	must(t, r.Close())
}
