package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A jobServer runs one fine-tuning job a name.
type jobServer struct {
	*scripted
	made    []map[string]any // bodies of the jobs
	uploads int
	looks   int // before a job ends
	seen    int
	status  string // in which jobs end
	named   string // field of a listed job that holds its name
	noList  bool
	gone    bool // its models
	events  string
	failure string // error of the job itself, as JSON
}

func serveJobs(t testing.TB) *jobServer {
	j := &jobServer{status: "succeeded", named: "user_provided_suffix", looks: 2, events: `{"data":[]}`}
	j.scripted = serve(t, j.route)
	return j
}

func (j *jobServer) route(_ int, w http.ResponseWriter, r *http.Request, body map[string]any) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	path := strings.TrimPrefix(r.URL.Path, "/v1")
	switch {
	case path == "/files":
		j.uploads++
		writeJSON(w, map[string]any{"id": "file-1"})
	case path == "/fine_tuning/jobs" && r.Method == http.MethodPost:
		j.made = append(j.made, body)
		writeJSON(w, map[string]any{"id": "ftjob-1", "status": "queued"})
	case path == "/fine_tuning/jobs" && j.noList, strings.HasPrefix(path, "/models/") && j.gone:
		w.WriteHeader(http.StatusNotFound)
	case path == "/fine_tuning/jobs":
		all := []any{map[string]any{"id": "other", "status": "running", j.named: "another"}}
		for _, b := range j.made {
			all = append(all, map[string]any{"id": "ftjob-1", "status": "running", j.named: b["suffix"]})
		}
		writeJSON(w, map[string]any{"data": all})
	case strings.HasSuffix(path, "/events"):
		fmt.Fprint(w, j.events)
	case path == "/fine_tuning/jobs/ftjob-1":
		j.seen++
		state := map[string]any{"id": "ftjob-1", "status": "running"}
		if j.seen > j.looks {
			state = map[string]any{"id": "ftjob-1", "status": j.status, "fine_tuned_model": "ft:m:mine", "trained_tokens": 120}
			if j.failure != "" {
				fmt.Fprintf(w, `{"id":"ftjob-1","status":%q,"error":%s}`, j.status, j.failure)
				return true
			}
		}
		writeJSON(w, state)
	case strings.HasPrefix(path, "/models/"):
		writeJSON(w, map[string]any{"id": "ft:m:mine"})
	default:
		return false
	}
	return true
}

var task = Job{Name: "mine", Base: "m", File: []byte(`{"prompt":"","completion":"a b"}` + "\n"), Hyperparameters: map[string]any{"n_epochs": 2}, Seed: 7}

// tune runs the job with a client of its own.
func (j *jobServer) tune(t *testing.T, ctx context.Context, o Options) (model string, spent Spent, err error) {
	t.Helper()
	e := j.endpoint("chat")
	e.KeyEnv, e.Prices.Training = "LLM_TEST_KEY", new(25.0)
	c := open(t, e, o)
	model, err = c.FineTune(ctx, task, 5*time.Second, func(string) {})
	spent = c.Spent()
	must(t, c.Close())
	noCanary(t, filepath.Dir(o.Journal), fmt.Sprint(err))
	return model, spent, err
}

// A job is sent as it was asked for, looked at as often as was asked for, booked at its price, and found in the journal afterwards as
// long as the server has its model.
func TestJob(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	j, w := serveJobs(t), new(waits)
	o := Options{Journal: filepath.Join(memory(t), "calls"), pause: w.pause}
	model, spent, err := j.tune(t, t.Context(), o)
	must(t, err)
	body := fmt.Sprint(j.made[0])
	if want := "map[hyperparameters:map[n_epochs:2] model:m seed:7 suffix:mine training_file:file-1]"; model != "ft:m:mine" || body != want {
		t.Errorf("%s by %s", model, body)
	}
	five := 5 * time.Second
	if spent.Trained != 120 || *spent.Money != 120*25/1e6 || !slices.Equal(w.all, []time.Duration{five, five, five}) {
		t.Errorf("%+v, waited %v", spent, w.all)
	}
	again, spent, err := j.tune(t, t.Context(), o)
	must(t, err)
	if again != model || len(j.made) != 1 || j.uploads != 1 || spent.Trained != 120 {
		t.Errorf("%s again, after %d jobs, %+v", again, len(j.made), spent)
	}
	j.gone = true
	if _, _, err = j.tune(t, t.Context(), o); err == nil || !strings.Contains(err.Error(), "no longer knows its model ft:m:mine") || len(j.made) != 1 {
		t.Errorf("%v, after %d jobs", err, len(j.made))
	}
}

// A process that dies after the job was made and before it is journalled leaves a job that the next one finds by its name, whichever
// field the server lists it in; a server without a list makes another.
func TestJobFoundAgain(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	for _, c := range []struct {
		named  string
		noList bool
		jobs   int
	}{{"user_provided_suffix", false, 1}, {"suffix", false, 1}, {"suffix", true, 2}} {
		j := serveJobs(t)
		j.named, j.noList = c.named, c.noList
		ctx, kill := context.WithCancel(t.Context())
		o := Options{Journal: filepath.Join(memory(t), "calls"), pause: func(context.Context, time.Duration) error { kill(); return ctx.Err() }}
		if _, _, err := j.tune(t, ctx, o); !errors.Is(err, context.Canceled) || len(j.made) != 1 {
			t.Fatalf("%v, after %d jobs", err, len(j.made))
		}
		o.pause = nil
		model, _, err := j.tune(t, t.Context(), o)
		must(t, err)
		if model != "ft:m:mine" || len(j.made) != c.jobs || j.uploads != c.jobs {
			t.Errorf("%+v: %s after %d jobs and %d uploads", c, model, len(j.made), j.uploads)
		}
	}
}

// Why a job failed stands in the job, or in its events alone; neither shows the key.
func TestJobFails(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	for _, c := range []struct{ status, failure, events, want string }{
		{"failed", `{"code":"invalid_training_file","message":"line 3 is no JSON"}`, `{"data":[]}`, "failed: line 3 is no JSON"},
		{"failed", `{}`, `{"data":[{"level":"info","message":"created"},{"level":"error","message":"the file of ` + canary + ` has 1 row"}]}`, "failed: the file of [redacted] has 1 row"},
		{"failed", `null`, `{"data":[{"level":"error","message":"too few rows"}]}`, "failed: too few rows"},
		{"failed", `null`, `{"data":[]}`, "failed: the server does not say why"},
		{"failed", `null`, `no JSON`, "failed: the server does not say why"},
		{"cancelled", `null`, `{"data":[]}`, "cancelled"},
		{"succeeded", `null`, `{"data":[]}`, "names no model"},
	} {
		j := serveJobs(t)
		j.status, j.failure, j.events = c.status, c.failure, c.events
		_, spent, err := j.tune(t, t.Context(), Options{Journal: filepath.Join(memory(t), "calls")})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "job mine (ftjob-1)") || spent.Trained != 0 {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// A job that could go beyond the budget is not made: a token has at least one byte.
func TestJobBudget(t *testing.T) {
	t.Setenv("LLM_TEST_KEY", canary)
	for _, c := range []struct {
		tokens int64
		fits   bool
	}{{int64(len(task.File)) - 1, false}, {int64(len(task.File)), true}} {
		j := serveJobs(t)
		_, _, err := j.tune(t, t.Context(), Options{Journal: filepath.Join(memory(t), "calls"), Budget: Budget{Tokens: c.tokens}})
		if fits := err == nil; fits != c.fits || !fits && (!errors.Is(err, ErrBudget) || j.uploads > 0) {
			t.Errorf("%d tokens: %v", c.tokens, err)
		}
	}
	j := serveJobs(t)
	e := j.endpoint("chat")
	e.Prices.Input, e.Prices.Output = new(1.0), new(1.0)
	c := open(t, e, Options{Budget: Budget{Money: 5}})
	defer c.Close()
	if _, err := c.FineTune(t.Context(), task, 0, func(string) {}); err == nil || !strings.Contains(err.Error(), "prices.training") || j.uploads > 0 {
		t.Errorf("a job of unknown price: %v", err)
	}
}
