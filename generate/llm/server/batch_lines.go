package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// linesOf reads the requests of a file; faults are by line, from 1.
func linesOf(content []byte, endpoint string) (lines []batchLine, faults []batchError) {
	seen := map[string]bool{}
	n := 0
	for raw := range bytes.SplitSeq(content, []byte("\n")) {
		if n++; len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		var l batchLine
		d := json.NewDecoder(bytes.NewReader(raw))
		err := d.Decode(&l)
		_, more := d.Token()
		switch {
		case err != nil || more != io.EOF:
			faults = append(faults, batchError{"invalid_json_line", "this line is no JSON object of a request", n})
		case l.ID == "" || seen[l.ID]:
			faults = append(faults, batchError{"duplicate_custom_id", fmt.Sprintf("custom_id %q: is missing or came before", l.ID), n})
		case l.Method != http.MethodPost || l.URL != endpoint:
			faults = append(faults, batchError{"mismatched_endpoint", fmt.Sprintf("%s %s is not POST %s", l.Method, l.URL, endpoint), n})
		}
		seen[l.ID] = true
		lines = append(lines, l)
	}
	if len(lines) == 0 || len(lines) > maxLines {
		faults = append(faults, batchError{"invalid_size", fmt.Sprintf("a batch has from 1 to %d requests; this one has %d", maxLines, len(lines)), 0})
	}
	return lines, faults
}
