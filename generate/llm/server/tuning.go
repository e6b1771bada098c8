package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// What jobs may be.
const (
	maxTunings = 1000
	maxSuffix  = 64
)

type tuningRequest struct {
	Model      string          `json:"model"`
	Training   string          `json:"training_file"`
	Validation string          `json:"validation_file"`
	Suffix     string          `json:"suffix"`
	Seed       *int64          `json:"seed"`
	Hyper      json.RawMessage `json:"hyperparameters"`
	Method     struct {
		Type       string `json:"type"`
		Supervised struct {
			Hyper json.RawMessage `json:"hyperparameters"`
		} `json:"supervised"`
	} `json:"method"`
}

// A tuning is a job that fits a model. Its id and that of its model are hashes of all that decides the model, so that the
// same job is the same model.
type tuning struct {
	mu     sync.Mutex
	state  tuningState
	events []tuningEvent
	cancel context.CancelFunc
}

// A tuningState is a job as clients see it.
type tuningState struct {
	ID       string       `json:"id"`
	Object   string       `json:"object"`
	Model    string       `json:"model"`
	Created  int64        `json:"created_at"`
	Finished *int64       `json:"finished_at"`
	Tuned    *string      `json:"fine_tuned_model"`
	Owner    string       `json:"organization_id"`
	Results  []string     `json:"result_files"`
	Status   string       `json:"status"` // queued, running, succeeded, failed or cancelled
	Training string       `json:"training_file"`
	Valid    *string      `json:"validation_file"`
	Hyper    hyper        `json:"hyperparameters"`
	Trained  *int         `json:"trained_tokens"`
	Error    *tuningError `json:"error"`
	Seed     int64        `json:"seed"`
}

type tuningError struct {
	Code    string  `json:"code"`
	Message string  `json:"message"`
	Param   *string `json:"param"`
}

type tuningEvent struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created_at"`
	Level   string `json:"level"`
	Message string `json:"message"`
	Type    string `json:"type"`
}

// ended reports a state that stays.
func (t *tuningState) ended() bool {
	return t.Status == "succeeded" || t.Status == "failed" || t.Status == "cancelled"
}

// see is a copy of the state.
func (t *tuning) see() tuningState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// turn changes the state, unless it has ended, and says so in an event.
func (t *tuning) turn(status, level, format string, args ...any) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state.ended() {
		return false
	}
	t.state.Status = status
	if t.state.ended() {
		t.state.Finished = new(int64)
	}
	t.events = append(t.events, tuningEvent{fmt.Sprintf("ftevent-%s-%d", strings.TrimPrefix(t.state.ID, "ftjob-"), len(t.events)), "fine_tuning.job.event",
		0, level, fmt.Sprintf(format, args...), "message"})
	return true
}

// stands reports a job that need not be done again: it is under way, or its model is there.
func (s *Server) stands(t tuningState) bool {
	if t.Tuned == nil {
		return !t.ended()
	}
	_, there := s.models.get(*t.Tuned)
	return there
}

// createTuning starts a job, or finds it: what was cancelled, has failed or was deleted is done again.
func (s *Server) createTuning(r *request) (any, error) {
	var q tuningRequest
	if err := decode(r.body, &q); err != nil {
		return nil, err
	}
	m, err := s.model(q.Model)
	if err != nil {
		return nil, err
	}
	f, err := s.file(q.Training, "training_file")
	if err != nil {
		return nil, err
	}
	how, err := q.how(m)
	if err != nil {
		return nil, err
	}
	t, name := q.job(m, f, how)
	if old, ok := s.tuned.get(t.state.ID); ok {
		if state := old.see(); s.stands(state) {
			return state, nil
		}
		s.tuned.drop(t.state.ID)
	}
	if len(s.tuned.all()) >= maxTunings {
		return nil, invalid("", "there are %d jobs: no more are taken", maxTunings)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	t.cancel = cancel
	t.turn("queued", "info", "Created fine-tuning job: %s", t.state.ID)
	if s.tuned.put(t.state.ID, t) {
		go s.train(ctx, t, m, f, fmt.Sprintf("ft:%s:%s:%s", m.root(), q.Suffix, name))
	}
	return t.see(), nil
}

// job is a new job, and the hash that its id and that of its model end in.
func (q *tuningRequest) job(m *Model, f *file, how hyper) (t *tuning, name string) {
	seed := int64(0)
	set(&seed, q.Seed)
	sum := sha256.Sum256(f.content)
	sum = sha256.Sum256(fmt.Appendf(nil, "%x %q %q %q %d", sum, m.root(), q.Suffix, how.identity(), seed))
	name = hex.EncodeToString(sum[:8])
	return &tuning{state: tuningState{ID: "ftjob-" + name, Object: "fine_tuning.job", Model: q.Model, Results: []string{}, Status: "queued",
		Training: f.ID, Hyper: how, Seed: seed}}, name
}

// root is the model that a model comes from in the end.
func (m *Model) root() string {
	if m.base != "" {
		return m.base
	}
	return m.ID
}

func (s *Server) listTunings(*request) (any, error) {
	out := list[tuningState]{"list", []tuningState{}}
	for _, t := range s.tuned.all() {
		out.Data = append(out.Data, t.see())
	}
	return out, nil
}

func (s *Server) tuning(r *request) (*tuning, error) {
	id := r.PathValue("job")
	t, ok := s.tuned.get(id)
	if !ok {
		return nil, missing("FineTuningJob", id, "fine_tuning_job_id")
	}
	return t, nil
}

func (s *Server) oneTuning(r *request) (any, error) {
	t, err := s.tuning(r)
	if err != nil {
		return nil, err
	}
	return t.see(), nil
}

// tuningEvents are what happened, the latest first.
func (s *Server) tuningEvents(r *request) (any, error) {
	t, err := s.tuning(r)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	out := list[tuningEvent]{"list", []tuningEvent{}}
	for i := range t.events {
		out.Data = append(out.Data, t.events[len(t.events)-1-i])
	}
	return out, nil
}

func (s *Server) cancelTuning(r *request) (any, error) {
	t, err := s.tuning(r)
	if err != nil {
		return nil, err
	}
	if !t.turn("cancelled", "info", "The job was cancelled") {
		return nil, invalid("", "the job has ended: it is %s", t.see().Status)
	}
	t.cancel()
	return t.see(), nil
}
