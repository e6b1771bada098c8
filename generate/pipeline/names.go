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
		{"generate", "ask the model for new records, given each record", Generate{}},
		{"filter", "keep records by a field, or by how their answer ended", Filter{}},
		{"length", "keep records whose text is neither too short nor too long", Length{}},
		{"duplicate", "drop a record whose text was there before", Duplicate{}},
	}
}
