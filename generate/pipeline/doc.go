// Package pipeline makes data sets by calls to a language model: seeds become records, records are generated from, judged,
// rewritten, filtered and deduplicated, and what is left is a data set that knows where every row came from.
//
// A pipeline is a list of stages. The first are sources (seeds, a grid, gaps to be filled). The others are either
// generate.Conditional[Record], which makes records of the record it is given, or generate.Intervention[Record], which marks,
// weighs or drops records. Run moves records through them in windows, so that memory does not grow with what passes, and
// writes every record, kept or dropped, to a trail. All chance is drawn before a call is made, and replies come in the order of
// their calls, so that equal replies make equal data sets whatever the order in which a server answers.
//
// Calls are paid once: the journal of the client is the checkpoint. A run that was ended goes through its windows again, and
// the journal answers what it has been asked before.
package pipeline
