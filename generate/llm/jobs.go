package llm

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A Job is a fine-tuning job. Jobs of one name are one job: it is looked up before it is made.
type Job struct {
	Name            string         // of the task: sent as the job's suffix
	Base            string         // the model that it begins at
	File            []byte         // training rows as JSON lines
	Hyperparameters map[string]any // as the server calls them
	Seed            int64
}

// A jobState is what a server says of a job.
type jobState struct {
	ID      string
	Status  string
	Model   string `json:"fine_tuned_model"`
	Suffix  string
	Named   string          `json:"user_provided_suffix"`
	Trained int64           `json:"trained_tokens"`
	Error   json.RawMessage `json:"error"`
}

// FineTune runs a job to its end and returns the name of the model. A job that an earlier process made is found again, by the journal
// or, where the process was killed between the two, by its name in the server's list. progress hears what it waits for.
func (c *Client) FineTune(ctx context.Context, j Job, poll time.Duration, progress func(note string)) (model string, err error) {
	body, r, err := c.composeJob(j)
	if err != nil {
		return "", err
	}
	if c.ledger != nil {
		if p, ok := c.ledger.has(r.sum); ok {
			_, raw, err := c.ledger.read(p, r.key)
			var s jobState
			if err = errors.Join(err, json.Unmarshal(raw, &s)); err != nil {
				return "", err
			}
			if there, err := c.knows(ctx, s.Model); there || err != nil {
				return s.Model, err
			}
			if !c.endpoint.InProcess() { // whose models end with the process, and cost nothing
				return "", fmt.Errorf("job %s: the server no longer knows its model %s", j.Name, s.Model)
			}
		}
	}
	if c.purse.bounds.Money > 0 && c.endpoint.Prices.Training == nil {
		return "", fmt.Errorf("job %s: budget.money: give prices.training, else nobody knows what a job costs", j.Name)
	}
	worst := c.purse.training(int64(len(j.File)))
	if err := c.purse.hold(ctx, worst); err != nil {
		return "", err
	}
	defer c.purse.settle(worst, false)
	s, err := c.beginJob(ctx, j, body, r)
	if err != nil {
		return "", fmt.Errorf("job %s: %w", j.Name, err)
	}
	if s, err = c.endJob(ctx, s, poll, progress); err != nil {
		return "", fmt.Errorf("job %s (%s): %w", j.Name, s.ID, err)
	}
	raw, err := encode(map[string]any{"id": s.ID, "status": s.Status, "fine_tuned_model": s.Model, "trained_tokens": s.Trained})
	if err != nil {
		return "", err
	}
	h := head{Done: r.key, Attempts: 1, Finish: "stop", Trained: s.Trained, Money: c.purse.training(s.Trained).money(), Counted: true}
	return s.Model, c.book(h, r, raw)
}

// composeJob is the job as it goes over the wire, but for the file, of which it has the digest; and its name in the journal.
func (c *Client) composeJob(j Job) (body map[string]any, r request, err error) {
	body = map[string]any{"model": j.Base, "suffix": j.Name, "seed": j.Seed}
	if len(j.Hyperparameters) > 0 {
		body["hyperparameters"] = j.Hyperparameters
	}
	shown := map[string]any{"training_file": "sha256:" + hexDigest(j.File)}
	for k, v := range body {
		shown[k] = v
	}
	if r.body, err = encode(shown); err != nil {
		return nil, r, fmt.Errorf("hyperparameters: %w", err)
	}
	r.sum = c.sum(r.body, 0)
	r.key = hex.EncodeToString(r.sum[:])
	return body, r, nil
}

// knows asks whether the server has a model.
func (c *Client) knows(ctx context.Context, model string) (bool, error) {
	var m struct{ ID string }
	err := c.run(ctx, errand{method: http.MethodGet, path: "/models/" + url.PathEscape(model), key: hexDigest([]byte(model))}, &m)
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}

// beginJob is the job of that name: one that the server has, or a new one.
func (c *Client) beginJob(ctx context.Context, j Job, body map[string]any, r request) (s jobState, err error) {
	var list struct{ Data []jobState }
	err = c.run(ctx, errand{method: http.MethodGet, path: "/fine_tuning/jobs?limit=100", key: r.key}, &list)
	if err != nil && !missing(err) {
		return s, err
	}
	for _, s := range list.Data {
		if (s.Suffix == j.Name || s.Named == j.Name) && s.Status != "failed" && s.Status != "cancelled" {
			return s, nil
		}
	}
	if body["training_file"], err = c.upload(ctx, "fine-tune", j.Name+".jsonl", j.File, hexDigest([]byte("file "+r.key))); err != nil {
		return s, err
	}
	b, err := encode(body)
	if err != nil {
		return s, err
	}
	err = c.run(ctx, errand{method: http.MethodPost, path: "/fine_tuning/jobs", kind: "application/json", body: b, key: r.key}, &s)
	return s, err
}

// endJob looks at a job until it is over.
func (c *Client) endJob(ctx context.Context, s jobState, poll time.Duration, progress func(string)) (jobState, error) {
	for {
		switch s.Status {
		case "succeeded":
			if s.Model == "" {
				return s, errors.New("it succeeded, and names no model")
			}
			return s, nil
		case "failed", "cancelled":
			return s, fmt.Errorf("%s: %s", s.Status, c.reason(ctx, s))
		}
		progress("job " + s.ID + ": " + s.Status)
		if err := c.sleep(ctx, max(poll, time.Millisecond)); err != nil {
			return s, err
		}
		id := s.ID
		if err := c.run(ctx, errand{method: http.MethodGet, path: "/fine_tuning/jobs/" + url.PathEscape(id), key: hexDigest([]byte(id))}, &s); err != nil {
			return s, err
		}
	}
}

// reason is why a job failed, which stands in its events where the job itself does not say.
func (c *Client) reason(ctx context.Context, s jobState) string {
	if t := readTold(s.Error); t != nil && strings.TrimSpace(t.Error()) != "" {
		return c.redact.message(t.Error())
	}
	var events struct {
		Data []struct{ Level, Message string }
	}
	err := c.run(ctx, errand{method: http.MethodGet, path: "/fine_tuning/jobs/" + url.PathEscape(s.ID) + "/events", key: hexDigest([]byte("events " + s.ID))}, &events)
	if err != nil {
		return "the server does not say why"
	}
	for _, e := range events.Data {
		if e.Level == "error" {
			return c.redact.message(e.Message)
		}
	}
	return "the server does not say why"
}
