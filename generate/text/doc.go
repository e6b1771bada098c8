// Package text holds what filters of texts count: words, n-grams, near-duplicates (MinHash), overlap (ROUGE-L), repetition.
//
// Everything is a pure function of texts. Words travel as hashes of 64 bits (Rule.Hash), n-grams as hashes of those (Grams):
// two different ones among a million share a hash with a probability of 3e-8, and nothing here is safe against texts that
// were made to collide.
package text
