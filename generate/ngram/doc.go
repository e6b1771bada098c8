// Package ngram has word n-gram models of orders 1 to 6: counted, smoothed, scored and drawn from.
//
// The text of a row is Begin w1 … wn End. Begin is a context and is never predicted; End is predicted and counted. A word
// has probability given the order − 1 tokens before it in its row. After a token that does not occur in the
// training rows (Unknown, as a rule) the context is empty.
//
// Three smoothings. In context h, of which h' lacks the first word, and with c(hw) occurrences:
//
//	none            p(w|h) = c(hw)/c(h·), and p(w|h') where h was never continued: maximum likelihood, so what
//	                h was never continued by is impossible
//	kneser_ney      p(w|h) = (c(hw) − D(c))/c(h·) + γ(h) p(w|h'), with c the number of different words before
//	                the n-gram below the highest order: modified and interpolated (Chen and Goodman 1998), with
//	                the conventions of KenLM (Heafield et al. 2013), whose counts, discounts and perplexities it gives
//	jelinek_mercer  p(w|h) = λ c(hw)/c(h·) + (1−λ) p(w|h'), fixed λ an order; where h was never continued,
//	                p(w|h'): the same for any number of copies of the data, so made for comparing them
//
// The smoothed ones end in the uniform distribution over the ids of the vocabulary of the real data (Begin excepted),
// which does not shrink when words die out.
//
// Counts are a trie in flat arrays, built by sorting. Fits share its arrays, merging makes new ones, so that a
// running sum over generations costs what its last addition costs. Drawing is exact and takes constant time a word:
// see sampler.
package ngram
