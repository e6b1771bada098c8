// Package server serves fitted token models of this program as OpenAI-compatible servers do, so that whatever is built for
// their APIs can be tried, measured and tested against a model of which everything is known.
//
// Text and tokens. Words of the vocabulary with one space between them are a row; a newline ends it, and is the token End: an
// answer that ends with it has finish_reason stop, and its last token is "\n" in the log probabilities and nothing in the
// text. A word that the vocabulary lacks is cut as the corpus was cut; what it lacks then is one unknown token. A token's text
// is what was sent, white space before it included, so that the texts of all tokens of an echoed prompt are the prompt, byte
// for byte (white space at its end belongs to its last token). text_offset counts Unicode characters, as OpenAI and vLLM do.
//
// Log probabilities are the model's own, in nats, before temperature and truncation, as OpenAI has them, and are written with
// all digits of a float64. Impossible tokens have −9999, as in vLLM. The first token of an echoed prompt has null. So the
// exact log probability of the row "a b" is the sum over the echo of "\na b\n": its first newline is the null entry, and
// all that follows is scored from the beginning of a row. "\na b\nc d\n" are two rows.
//
// Sampling is the temperature first, then top_k, top_p and min_p, each over what the one before left. What a request does not
// mention is the server's default, which a client cannot see; it is honest unless the server was started otherwise.
//
// Equal requests with equal seeds get equal answers, bit for bit, whatever else is asked meanwhile. A request without a seed
// gets an answer that depends on the request and on how often it came before. There is no clock in an answer: created is 0,
// and ids are hashes.
//
// Chats. An answer is a row of its own: the messages do not condition it, but for the cache (Sampling.Cache, or the field cache of
// a request), by which the lines of all messages are a training set: p = (1 − cache) model + cache n-grams of the lines, the
// order of the model, maximum likelihood. Log probabilities are those of the mixture. The last token of an answer that ended by
// itself is "\n", as above. With response_format the answer satisfies a JSON schema (package schema), and its log
// probabilities add to that of the answer among all that could have come, pieces that could not be others having 0.
//
// Fine-tuning jobs fit n-grams of the base model's config (or of the hyperparameters order and smoothing: none, kneser_ney) to the lines of
// the texts of a file, over the vocabulary of the base model, from scratch. The id of a job and of its model is a hash of
// base, file, hyperparameters, suffix and seed: the same job again is the same model. Jobs and batches are done one after the other; a batch writes
// its answers in an order that is shuffled, the same each time.
//
// Requests with an Idempotency-Key are answered once: the same key gets the stored answer, byte for byte, and is not billed again.
// GET /v1/usage is the bill: answers that were made, their tokens, and answers that were given again (Bill). It is no
// endpoint of OpenAI's. Everything is kept in memory, within bounds, and is gone with the server.
package server
