package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// What is kept in memory.
const (
	maxFile  = 64 << 20  // bytes of a file
	maxFiles = 256 << 20 // bytes of all files
)

// A file is what was uploaded, or what a batch wrote. Its id is a hash, so that the same upload is the same file.
type file struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Bytes   int    `json:"bytes"`
	Created int64  `json:"created_at"`
	Name    string `json:"filename"`
	Purpose string `json:"purpose"`
	Status  string `json:"status"`

	content []byte
}

func newFile(name, purpose string, content []byte) *file {
	h := sha256.New()
	fmt.Fprintf(h, "%q%q", name, purpose)
	h.Write(content)
	return &file{ID: "file-" + hex.EncodeToString(h.Sum(nil)[:12]), Object: "file", Bytes: len(content), Name: name, Purpose: purpose, Status: "processed", content: content}
}

// upload takes a form with the parts purpose and file.
func (s *Server) upload(r *request) (any, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, invalid("file", "a file is uploaded as multipart/form-data")
	}
	var purpose, name string
	var content []byte
	parts := multipart.NewReader(bytes.NewReader(r.body), params["boundary"])
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, invalid("file", "the form cannot be read: %v", err)
		}
		value, err := io.ReadAll(p)
		if err != nil {
			return nil, invalid("file", "the form cannot be read: %v", err)
		}
		switch p.FormName() {
		case "purpose":
			purpose = string(value)
		case "file":
			name, content = p.FileName(), value
		}
	}
	switch {
	case purpose == "":
		return nil, invalid("purpose", "purpose: is missing: fine-tune or batch")
	case content == nil:
		return nil, invalid("file", "file: is missing")
	case len(content) > maxFile:
		return nil, &fault{status: http.StatusRequestEntityTooLarge, message: fmt.Sprintf("a file has at most %d bytes", maxFile), param: "file"}
	}
	return s.stored(newFile(name, purpose, content))
}

// stored keeps a file, if there is room.
func (s *Server) stored(f *file) (*file, error) {
	held := len(f.content)
	for _, other := range s.files.all() {
		if other.ID == f.ID {
			return other, nil
		}
		held += len(other.content)
	}
	if held > maxFiles {
		return nil, &fault{status: http.StatusInsufficientStorage, message: fmt.Sprintf("all files together have at most %d bytes: delete some", maxFiles), param: "file"}
	}
	s.files.put(f.ID, f)
	return f, nil
}

// file is one by its id.
func (s *Server) file(id, param string) (*file, error) {
	f, ok := s.files.get(id)
	if !ok {
		return nil, missing("File", id, param)
	}
	return f, nil
}

// missing is a thing that is not there.
func missing(what, id, param string) error {
	return &fault{status: http.StatusNotFound, message: fmt.Sprintf("No such %s object: %s", what, id), param: param, code: strings.ToLower(what) + "_not_found"}
}

func (s *Server) listFiles(r *request) (any, error) {
	out := list[*file]{"list", []*file{}}
	for _, f := range s.files.all() {
		if purpose := r.URL.Query().Get("purpose"); purpose == "" || purpose == f.Purpose {
			out.Data = append(out.Data, f)
		}
	}
	return out, nil
}

func (s *Server) oneFile(r *request) (any, error) { return s.file(r.PathValue("file"), "id") }

func (s *Server) fileContent(r *request) (any, error) {
	f, err := s.file(r.PathValue("file"), "id")
	if err != nil {
		return nil, err
	}
	return content(f.content), nil
}

func (s *Server) deleteFile(r *request) (any, error) {
	f, err := s.file(r.PathValue("file"), "id")
	if err != nil {
		return nil, err
	}
	s.files.drop(f.ID)
	return deleted{f.ID, "file", true}, nil
}
