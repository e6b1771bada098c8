// Package diversity measures how varied a set of texts is, and how far two sets are apart: pure functions of words as
// generate/text hashes them, of counts and of features.
//
// All of them depend on how much text there is, so compare only at equal numbers of words, documents or bytes, and say the
// number in the name: distinct.2@100000, vendi@1000.
package diversity
