package llm

import (
	"errors"
	"net/http"
)

// inProcess is the server in this program, called without a network: its base URL has no port and nothing listens.
func inProcess(e Endpoint) (base string, under http.RoundTripper, err error) {
	return "", nil, errors.New("base_url: the embedded server is not built in")
}
