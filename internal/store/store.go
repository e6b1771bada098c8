// Package store keeps named bytes in a folder, so that a kill at any moment leaves the old or the new, never a part.
//
// A Folder is a directory that no name escapes, neither by ".." nor by a symbolic link. A Dir is a Store in
// it. Every operation that fails says which file, what failed and what to do.
package store

import "io"

// A Store holds named bytes and named stores. A name is relative, without separators, and does not start
// with a dot. One writer a name at a time.
type Store interface {
	Put(name string, write func(io.Writer) error) error // atomic: the old or the new, never a part
	Open(name string) (io.ReadCloser, error)            // fs.ErrNotExist when there is none
	Delete(name string) error                           // of a missing name: nil; of a Sub: all that it holds
	Sub(name string) Store                              // exists from its first Put on
	Names() ([]string, error)                           // sorted, Subs included; of a store that does not exist: none
}
