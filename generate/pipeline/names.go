package pipeline

// A Kind is one line of the table of stages.
type Kind struct {
	Name, Doc string
	Prototype Stage // its type is the config of its kind; its value is not used
}

// Kinds is the table: whatever a pipeline may name as a stage stands here, a line each.
func Kinds() []Kind {
	return []Kind{
		{"seeds", "records that are read: files, or rows in the config", Seeds{}},
		{"grid", "every combination of values: topic × audience × style", Grid{}},
		{"quota", "what a data set lacks, by a list of gaps", Quota{}},
		{"generate", "ask the model for new records, given each record", Generate{}},
		{"critique", "say what is wrong with each record, and how good it is", Critique{}},
		{"judge", "score each record by a rubric, and drop what scores too low", Judge{}},
		{"pairwise", "keep the best of the records that one record was made into", Pairwise{}},
		{"refine", "rewrite records that meet a condition", Refine{}},
		{"evolve", "rewrite instructions into harder or rarer ones", Evolve{}},
		{"filter", "keep records by a field, or by how their answer ended", Filter{}},
		{"fills", "keep records of a quota that have the value that they were asked for", Fills{}},
		{"length", "keep records whose text is neither too short nor too long", Length{}},
		{"repetition", "drop texts that repeat themselves", Repetition{}},
		{"duplicate", "drop a record whose text was there before", Duplicate{}},
		{"near_duplicate", "drop a text that is nearly one that stayed before it", NearDuplicate{}},
		{"rouge_l", "drop a text that shares too much of its word order with one that stayed", RougeL{}},
		{"embedding_duplicate", "drop a text whose embedding is nearly that of one that stayed", EmbeddingDuplicate{}},
		{"sample", "keep each record with a chance", Sample{}},
		{"balance", "keep at most so many records of each value of a field", Balance{}},
	}
}
