// Package store keeps named bytes in a folder, so that a kill at any moment leaves the old or the new, never a part.
package store

import "io"

// A Store holds named bytes. Names are relative, without separators.
type Store interface {
	Put(name string, write func(io.Writer) error) error // atomic: the old or the new, never a part
	Open(name string) (io.ReadCloser, error)            // fs.ErrNotExist when there is none
	Delete(name string) error                           // of a missing name: nil
	Sub(name string) Store
	Names() ([]string, error) // sorted; of a folder that does not exist: none
}
