package llm

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"modelcollapse/generate/llm/server"
)

// ours are the fields of a body that a config cannot set by Endpoint.Body: the call decides them.
var ours = []string{"model", "messages", "prompt", "stream"}

// variable is what a shell can export; keys of servers have other characters, as a rule.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// Validate checks what the tags cannot say.
func (e Endpoint) Validate() error {
	if e.Model == "" {
		return fmt.Errorf("model: is empty: name the model as the server calls it")
	}
	if e.KeyEnv != "" && !variable.MatchString(e.KeyEnv) {
		return errors.New("key_env: is no name of an environment variable: the key itself has no place in a config")
	}
	for _, name := range ours {
		if _, ok := e.Body[name]; ok {
			return fmt.Errorf("body.%s: is decided by each call and cannot be set here", name)
		}
	}
	if e.InProcess() {
		if e.Model != server.GoDocs {
			return fmt.Errorf("model: %q is none of the server in this program, which has %s: name another base_url", e.Model, server.GoDocs)
		}
		_, err := e.embeddedQuery()
		return err
	}
	u, err := url.Parse(e.BaseURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("base_url: want an address such as http://127.0.0.1:8000/v1, or %s", Embedded)
	case u.User != nil:
		return fmt.Errorf("base_url: holds a password: put it into an environment variable and name that one in key_env")
	case u.RawQuery != "" || u.Fragment != "":
		return fmt.Errorf("base_url: has a query or a fragment: fields of requests go into body, a key into key_env")
	}
	return nil
}

// InProcess says whether the endpoint is the server in this program.
func (e Endpoint) InProcess() bool {
	name, _, _ := strings.Cut(e.BaseURL, "?")
	return name == Embedded
}

func (e Endpoint) embeddedQuery() (url.Values, error) {
	_, query, _ := strings.Cut(e.BaseURL, "?")
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("base_url: want %s?name=value&name=value: %w", Embedded, err)
	}
	return q, nil
}

// filled has the defaults of the tags where an Endpoint was made without a config.
func (e Endpoint) filled() Endpoint {
	if e.BaseURL == "" {
		e.BaseURL = Embedded
	}
	if e.Model == "" && e.InProcess() {
		e.Model = "go-docs"
	}
	if e.InProcess() {
		fill(&e.Profile.Before, "\n")
		fill(&e.Profile.After, "\n")
	}
	e.BaseURL = strings.TrimRight(e.BaseURL, "/")
	fill(&e.API, "chat")
	fill(&e.Timeout, 2*time.Minute)
	fill(&e.Attempts, 6)
	fill(&e.Poll, 30*time.Second)
	fill(&e.Prices.Batch, 0.5)
	fill(&e.Limits.Concurrency, 8)
	fill(&e.Profile.Scoring, "auto")
	fill(&e.Profile.Seed, "auto")
	fill(&e.Profile.Schema, "auto")
	fill(&e.Profile.Several, "auto")
	return e
}

func fill[T comparable](field *T, value T) {
	if zero := *new(T); *field == zero {
		*field = value
	}
}

// key reads the key from the environment.
func (e Endpoint) key() (string, error) {
	if e.KeyEnv == "" {
		return "", nil
	}
	key := strings.TrimSpace(os.Getenv(e.KeyEnv))
	if key == "" {
		return "", fmt.Errorf("key_env: %w: the environment variable %s is not set: export it, or leave key_env empty for a server without keys", ErrKey, e.KeyEnv)
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("key_env: what %s holds is no key: it has blanks or characters that no header can carry", e.KeyEnv)
	}
	return key, nil
}
