package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"modelcollapse/generate"
	"modelcollapse/generate/llm/server"
	"modelcollapse/generate/ngram"
)

// upload is the id of an uploaded file.
func upload(t testing.TB, h http.Handler, purpose, content string) string {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("purpose", purpose)
	part, _ := m.CreateFormFile("file", "data.jsonl")
	_, _ = part.Write([]byte(content))
	_ = m.Close()
	r := httptest.NewRequest("POST", "/v1/files", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var f struct{ ID string }
	if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return f.ID
}

// A tuning is what tests read of a job.
type tuning struct {
	ID      string
	Status  string
	Tuned   string `json:"fine_tuned_model"`
	Trained int    `json:"trained_tokens"`
	Error   *struct{ Message string }
}

// waited polls until the status of a thing is none of those that pass.
func waited(t testing.TB, h http.Handler, path string, into any, status func() string) {
	t.Helper()
	for range 2000 {
		call(t, h, "GET", path, nil, 200, into)
		if !slices.Contains([]string{"queued", "running", "validating", "in_progress"}, status()) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%s: still %s", path, status())
}

// A fine-tuned model is the n-gram of the texts of the file; the same job is the same model, other hyperparameters another.
func TestFineTuning(t *testing.T) {
	h, _, v := toy(t, server.Options{})
	file := upload(t, h, "fine-tune", `{"messages":[{"role":"user","content":"c c"},{"role":"assistant","content":"a b"}]}
{"messages":[{"role":"assistant","content":"a zzz\nb"}]}
`)
	var job, again, other tuning
	body := fields{"model": "toy", "training_file": file, "suffix": "mine", "method": fields{"type": "supervised", "supervised": fields{"hyperparameters": fields{"n_epochs": "auto", "order": 2, "smoothing": "none"}}}}
	call(t, h, "POST", "/v1/fine_tuning/jobs", body, 200, &job)
	waited(t, h, "/v1/fine_tuning/jobs/"+job.ID, &job, func() string { return job.Status })
	if job.Status != "succeeded" || job.Trained != 8 || !strings.HasPrefix(job.Tuned, "ft:toy:mine:") {
		t.Fatalf("%+v %+v", job, job.Error)
	}
	call(t, h, "POST", "/v1/fine_tuning/jobs", body, 200, &again)
	if again != job {
		t.Errorf("%+v, then %+v", job, again)
	}
	body["hyperparameters"], body["method"] = fields{"order": 1}, nil
	call(t, h, "POST", "/v1/fine_tuning/jobs", body, 200, &other)
	if other.ID == job.ID {
		t.Error("another order is the same job")
	}
	c := ngram.NewCounts(2, v.Len())
	c.Add(generate.Span[generate.Tokens]{Rows: []generate.Tokens{{3, 4, generate.End}, {3, generate.Unknown, generate.End}, {4, generate.End}}, Weight: 1})
	f, err := ngram.Model{Order: 2, Vocabulary: v.Len()}.FitStats(t.Context(), generate.Task[generate.Tokens]{}, c)
	if err != nil {
		t.Fatal(err)
	}
	nats := make([]float64, 1)
	_ = f.(*ngram.Fitted).Score(t.Context(), []generate.Tokens{{3, 4, generate.End}}, nats)
	l := complete(t, h, fields{"model": job.Tuned, "prompt": "\na b\n", "echo": true, "logprobs": 0, "max_tokens": 0}).Choices[0].Logprobs
	if sum := *l.Nats[1] + *l.Nats[2] + *l.Nats[3]; math.Abs(sum-nats[0]) > 1e-12 {
		t.Errorf("%g, want %g", sum, nats[0])
	}
	var events struct{ Data []struct{ Message string } }
	call(t, h, "GET", "/v1/fine_tuning/jobs/"+job.ID+"/events", nil, 200, &events)
	if len(events.Data) != 3 || !strings.Contains(events.Data[0].Message, job.Tuned) {
		t.Errorf("%+v", events)
	}
	call(t, h, "DELETE", "/v1/models/"+job.Tuned, nil, 200, nil)
	call(t, h, "GET", "/v1/models/"+job.Tuned, nil, 404, nil)
	call(t, h, "DELETE", "/v1/models/toy", nil, 403, nil)
}

// A job that cannot be done says why, in the job and in its events; one that has ended is not cancelled.
func TestFailedTuning(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	for _, content := range []string{"a b c\n", "", `{"text":"a"}` + "\n{\n", `{"text":""}`, `{"words":"a"}`} {
		var job tuning
		call(t, h, "POST", "/v1/fine_tuning/jobs", fields{"model": "toy", "training_file": upload(t, h, "fine-tune", content)}, 200, &job)
		waited(t, h, "/v1/fine_tuning/jobs/"+job.ID, &job, func() string { return job.Status })
		if job.Status != "failed" || job.Error == nil || job.Error.Message == "" || job.Tuned != "" {
			t.Errorf("%q: %+v", content, job)
		}
		if answer := call(t, h, "GET", "/v1/fine_tuning/jobs/"+job.ID+"/events", nil, 200, nil); !strings.Contains(answer, "The job failed: data.jsonl: ") {
			t.Errorf("%q: %s", content, answer)
		}
		call(t, h, "POST", "/v1/fine_tuning/jobs/"+job.ID+"/cancel", nil, 400, nil)
	}
	for _, body := range []fields{{"model": "none"}, {"model": "toy", "training_file": "file-none"}} {
		call(t, h, "POST", "/v1/fine_tuning/jobs", body, 404, nil)
	}
	file := upload(t, h, "fine-tune", "{}")
	for _, hyper := range []fields{{"order": 9}, {"order": "x"}, {"smoothing": "magic"}} {
		call(t, h, "POST", "/v1/fine_tuning/jobs", fields{"model": "toy", "training_file": file, "hyperparameters": hyper}, 400, nil)
	}
}

// A batch answers every line as the endpoint itself would, in an order of its own that is the same each time.
func TestBatch(t *testing.T) {
	var lines strings.Builder
	for i := range 20 {
		model := "toy"
		if i == 7 {
			model = "none"
		}
		fmt.Fprintf(&lines, `{"custom_id":"r%d","method":"POST","url":"/v1/completions","body":{"model":"%s","prompt":"a","seed":%d,"max_tokens":5}}`+"\n", i, model, i)
	}
	var outputs []string
	for range 2 {
		h, _, _ := toy(t, server.Options{})
		var b struct {
			ID, Status string
			Output     string                                 `json:"output_file_id"`
			Faults     string                                 `json:"error_file_id"`
			Counts     struct{ Total, Completed, Failed int } `json:"request_counts"`
		}
		call(t, h, "POST", "/v1/batches", fields{"input_file_id": upload(t, h, "batch", lines.String()), "endpoint": "/v1/completions", "completion_window": "24h"}, 200, &b)
		waited(t, h, "/v1/batches/"+b.ID, &b, func() string { return b.Status })
		if b.Status != "completed" || b.Counts.Total != 20 || b.Counts.Completed != 19 || b.Counts.Failed != 1 {
			t.Fatalf("%+v", b)
		}
		output := call(t, h, "GET", "/v1/files/"+b.Output+"/content", nil, 200, nil)
		outputs = append(outputs, output)
		var order []string
		for line := range strings.SplitSeq(strings.TrimSpace(output), "\n") {
			var a struct {
				Custom   string `json:"custom_id"`
				Response struct {
					Status int `json:"status_code"`
					Body   completion
				}
			}
			if err := json.Unmarshal([]byte(line), &a); err != nil || a.Response.Status != 200 {
				t.Fatalf("%s: %v", line, err)
			}
			seed := strings.TrimPrefix(a.Custom, "r")
			if want := complete(t, h, fields{"prompt": "a", "seed": json.Number(seed), "max_tokens": 5}).Choices[0].Text; want != a.Response.Body.Choices[0].Text {
				t.Errorf("%s: %q, want %q", a.Custom, a.Response.Body.Choices[0].Text, want)
			}
			order = append(order, a.Custom)
		}
		if len(order) != 19 || slices.IsSortedFunc(order, func(a, b string) int { return len(a) - len(b) }) {
			t.Errorf("the order is %v", order)
		}
		if faults := call(t, h, "GET", "/v1/files/"+b.Faults+"/content", nil, 200, nil); !strings.Contains(faults, `"custom_id":"r7"`) || !strings.Contains(faults, "model_not_found") {
			t.Error(faults)
		}
	}
	if outputs[0] != outputs[1] {
		t.Error("the same batch gave another file")
	}
	h, _, _ := toy(t, server.Options{})
	for _, bad := range []string{"", "{", `{"custom_id":"a","method":"GET","url":"/v1/completions"}`, `{"custom_id":"a","method":"POST","url":"/v1/embeddings"}`} {
		var b struct {
			ID, Status string
			Errors     struct{ Data []struct{ Message string } }
		}
		call(t, h, "POST", "/v1/batches", fields{"input_file_id": upload(t, h, "batch", bad), "endpoint": "/v1/completions"}, 200, &b)
		waited(t, h, "/v1/batches/"+b.ID, &b, func() string { return b.Status })
		if b.Status != "failed" || len(b.Errors.Data) == 0 {
			t.Errorf("%q: %+v", bad, b)
		}
	}
}

// Files come back as they were sent, are listed, and go.
func TestFiles(t *testing.T) {
	h, _, _ := toy(t, server.Options{})
	id := upload(t, h, "batch", "a\x00b\n")
	if upload(t, h, "batch", "a\x00b\n") != id || upload(t, h, "fine-tune", "a\x00b\n") == id {
		t.Error("ids are no hashes of what was sent")
	}
	if got := call(t, h, "GET", "/v1/files/"+id+"/content", nil, 200, nil); got != "a\x00b\n" {
		t.Errorf("%q", got)
	}
	var all struct{ Data []struct{ ID string } }
	if call(t, h, "GET", "/v1/files", nil, 200, &all); len(all.Data) != 2 {
		t.Errorf("%+v", all)
	}
	call(t, h, "DELETE", "/v1/files/"+id, nil, 200, nil)
	call(t, h, "GET", "/v1/files/"+id, nil, 404, nil)
}
