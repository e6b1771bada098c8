package results

// The attachments that show rows of two columns, each a CSV. Numbers stand as in records: NaN and ±Inf as such.
const (
	ScatterReal    = "scatter.real"    // of generation 0: real rows, two numbers a line, under the names of the columns
	ScatterRows    = "scatter.rows"    // of a generation: fresh rows of the fit, the same
	ScatterDensity = "scatter.density" // of a generation: the fit's log density (nats) at the nodes of a grid. The first line is
	// a name and the nodes of the first column, every other a node of the second column and the values there
)
