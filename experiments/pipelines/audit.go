package pipelines

import (
	"encoding/json"
	"io"

	"modelcollapse/generate/pipeline"
)

// seedsFile holds the real records that a data set began with, as rows.
const seedsFile = "seeds.jsonl"

// Real is the file of real data that the data set is to be audited against: the config's, or one that it writes of the seeds.
func (p *Prepared) Real() (string, error) {
	if file := p.Loaded.Config.Audit.Real; file != "seeds" {
		return file, nil
	}
	err := p.folder.Put(seedsFile, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return pipeline.EachRecord(p.folder, func(r Record) error {
			if !r.Real {
				return nil
			}
			return e.Encode(r.Fields)
		})
	})
	return p.folder.Path(seedsFile), err
}
