package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrShort is a write that wrote a part of its bytes.
var ErrShort = io.ErrShortWrite

// explain names the file, the operation and, where there is one, the remedy. It is nil for nil.
func explain(op, name string, err error) error {
	if err == nil {
		return nil
	}
	var pe *fs.PathError
	if errors.As(err, &pe) { // its path is relative to the root: name says more
		err = pe.Err
	}
	var le *os.LinkError
	if errors.As(err, &le) {
		err = le.Err
	}
	if todo := remedy(err); todo != "" {
		return fmt.Errorf("%s: %s: %w: %s", name, op, err, todo)
	}
	return fmt.Errorf("%s: %s: %w", name, op, err)
}

// remedy is what a user can do about an error of the file system.
func remedy(err error) string {
	const again = ", then run the same command again: nothing that was finished is lost"
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, ErrShort):
		return "free some space on that disk" + again
	case errors.Is(err, syscall.EROFS):
		return "the file system is read-only: make it writable or choose another folder" + again
	case errors.Is(err, syscall.EIO):
		return "the disk failed: check it (dmesg)" + again
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "too many open files: raise the limit (ulimit -n) or use fewer workers" + again
	case errors.Is(err, fs.ErrPermission):
		return "give yourself permission for it" + again
	}
	return ""
}
