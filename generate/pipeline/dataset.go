package pipeline

import (
	"io"

	"modelcollapse/internal/store"
)

// writeDataset makes the files of a data set of the trail: JSON lines and Parquet, the rows in the order in which they were
// kept.
func (p *Pipeline) writeDataset() error {
	kinds := make([]columnKind, len(p.columns))
	err := p.folder.Put(trainLines, func(w io.Writer) error {
		return eachKept(p.folder, func(r Record) error {
			row := Fields{columnID: r.ID, columnGeneration: r.Generation, columnShare: r.RealShare}
			for i, name := range p.columns {
				row[name] = r.Fields[name]
				kinds[i].see(r.Fields[name])
			}
			return writeLine(w, row)
		})
	})
	if err != nil {
		return err
	}
	return p.folder.Put(trainParquet, func(w io.Writer) error { return p.parquet(w, kinds) })
}

// eachKept gives the records of the data set.
func eachKept(folder *store.Folder, use func(Record) error) error {
	return EachRecord(folder, func(r Record) error {
		if r.Left != "" {
			return nil
		}
		return use(r)
	})
}
