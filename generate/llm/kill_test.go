package llm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// childEnv names the folder in which a child of the test makes calls until it is killed; the file url in it says where.
const childEnv = "LLM_TEST_CHILD"

const (
	childCalls = 300
	childWidth = 8
)

// child makes calls and writes a digest of all replies.
func child(dir string) int {
	url, err := os.ReadFile(filepath.Join(dir, "url"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	e := Endpoint{BaseURL: string(url), Model: "m", Timeout: 10 * time.Second}
	e.Limits.Concurrency = childWidth
	if _, err := os.Stat(filepath.Join(dir, "batch")); err == nil {
		e.Batch, e.Poll = true, time.Millisecond
	}
	c, err := Open(e, Options{Journal: filepath.Join(dir, "calls.jsonl")})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	h := sha256.New()
	err = c.Each(context.Background(), childCalls, ask, func(i int, r Reply) error {
		_, err := fmt.Fprintln(h, i, r.Text, r.Finish, r.Usage, r.Prompt, r.Response) // not the key: it depends on the port
		return err
	})
	if err == nil {
		err = c.Close()
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "digest"), []byte(hex.EncodeToString(h.Sum(nil))), 0o600)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// SIGKILL at any moment, then the same program again: what was journalled is not asked for again, no more requests are made
// than were needed and under way at the kills, and the replies are the same.
func testKills(t *testing.T, kills int) {
	chance := rand.New(rand.NewPCG(3, 4))
	want := ""
	for killed, round := 0, 0; killed < kills || round < 2; round++ {
		s := serve(t, func(int, http.ResponseWriter, *http.Request, map[string]any) bool {
			time.Sleep(2 * time.Millisecond)
			return false
		})
		dir := memory(t)
		must(t, os.WriteFile(filepath.Join(dir, "url"), []byte(s.URL+"/v1"), 0o600))
		here := 0
		for here < 12 && round > 0 && killed < kills {
			if !runChild(t, dir, time.Duration(chance.Int64N(int64(90*time.Millisecond)))) {
				break
			}
			here++
			killed++
			kept := journalled(t, filepath.Join(dir, "calls.jsonl"))
			if made := int(s.requests.Load()); made > kept+here*childWidth {
				t.Errorf("after %d kills %d requests were made and %d answers are journalled", here, made, kept)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "digest")); err != nil {
			runChild(t, dir, time.Minute)
		}
		got, err := os.ReadFile(filepath.Join(dir, "digest"))
		must(t, err)
		if made := int(s.requests.Load()); made > childCalls+here*childWidth {
			t.Errorf("%d requests for %d calls and %d kills", made, childCalls, here)
		}
		if billed := len(s.billed); billed != childCalls {
			t.Errorf("%d calls would be billed by a server that honours Idempotency-Key, %d are needed", billed, childCalls)
		}
		if round == 0 {
			want = string(got)
		} else if string(got) != want {
			t.Errorf("after %d kills the replies are others", here)
		}
	}
}

// runChild says whether the child was killed at work.
func runChild(t *testing.T, dir string, after time.Duration) bool {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Wait()
	if err != nil && cmd.ProcessState.ExitCode() >= 0 {
		t.Fatalf("the child failed: %v", err)
	}
	return err != nil
}

// journalled counts the answers in a journal that a kill left.
func journalled(t *testing.T, file string) (n int) {
	l, err := openLedger(file, func(head) {})
	must(t, err)
	n = len(l.at)
	must(t, l.close())
	return n
}

func TestKill(t *testing.T) { testKills(t, 5) }
