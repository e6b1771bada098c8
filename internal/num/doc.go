// Package num is the strict numerical core: functions that return the same bits on
// every GOARCH, GOAMD64 level and CPU.
//
// Three things make Go's own floating point differ between machines: the compiler may
// fuse x*y + z into one rounding (arm64, s390x, GOAMD64=v3), math.Log and its like have
// assembly on some machines, and math.Exp asks the CPU for FMA at run time. So here
// every product is rounded by an explicit float64(x*y) before anything is added to it
// (the language forbids fusing across a conversion), and of package math only functions
// with an exact result are called (Sqrt, Floor, Abs, bit casts). A test reads the source
// and holds it to both rules. Code that imports num keeps the promise only if it rounds
// its own products in the same way.
//
// Logarithms are natural (nats). Accuracy is stated at each function as measured against
// mpmath with 60 digits (testdata/reference.py): an ulp is a unit in the last place.
package num
