// Package journal keeps lines of JSON with a checksum each in a file that is only appended to: a kill at any moment
// leaves whole lines and perhaps one that is cut, which the next writer drops; changed bytes are found.
package journal
