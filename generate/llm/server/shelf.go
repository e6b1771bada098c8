package server

import (
	"slices"
	"sync"
)

// A shelf holds things by their id, in the order in which they came. The zero value is empty.
type shelf[T any] struct {
	mu   sync.RWMutex
	ids  []string
	byID map[string]T
}

// put adds a thing; false: its id is taken.
func (s *shelf[T]) put(id string, x T) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.byID[id]; taken {
		return false
	}
	if s.byID == nil {
		s.byID = map[string]T{}
	}
	s.ids, s.byID[id] = append(s.ids, id), x
	return true
}

func (s *shelf[T]) get(id string) (x T, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	x, ok = s.byID[id]
	return x, ok
}

// drop removes a thing and says whether it was there.
func (s *shelf[T]) drop(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byID[id]; !ok {
		return false
	}
	delete(s.byID, id)
	s.ids = slices.DeleteFunc(s.ids, func(x string) bool { return x == id })
	return true
}

// all are the things, the first first.
func (s *shelf[T]) all() []T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]T, len(s.ids))
	for i, id := range s.ids {
		out[i] = s.byID[id]
	}
	return out
}
