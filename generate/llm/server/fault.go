package server

import (
	"errors"
	"fmt"
	"net/http"
)

// A fault is an error in the shape that clients of OpenAI know.
type fault struct {
	status  int
	message string
	param   string // the field that is at fault
	code    string
	kind    string // "": by the status
}

func (f *fault) Error() string { return f.message }

// invalid is a request that cannot be answered, because of a field.
func invalid(param, format string, args ...any) error {
	return &fault{status: http.StatusBadRequest, message: fmt.Sprintf(format, args...), param: param}
}

// A faultBody is what is sent.
type faultBody struct {
	Error struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    *string `json:"code"`
	} `json:"error"`
}

// faultOf is the status and body of any error. What is no fault is ours: nobody outside learns more than that.
func faultOf(err error) (status int, body faultBody) {
	var f *fault
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &f):
	case errors.As(err, &large):
		f = &fault{status: http.StatusRequestEntityTooLarge, message: fmt.Sprintf("the request is larger than %d bytes", large.Limit), code: "request_too_large"}
	default:
		f = &fault{status: http.StatusInternalServerError, message: "the server failed at this request", kind: "server_error"}
	}
	b := &body.Error
	b.Message, b.Type = f.message, f.kind
	if b.Type == "" {
		b.Type = "invalid_request_error"
	}
	if f.param != "" {
		b.Param = &f.param
	}
	if f.code != "" {
		b.Code = &f.code
	}
	return f.status, body
}
