package results

import (
	"errors"
	"io/fs"

	"modelcollapse/internal/journal"
	"modelcollapse/internal/store"
)

// A ledger is seal.json: what a run held when it was closed, so that a cell or a file that is lost later is missed.
type ledger struct {
	Files map[string]string `json:"files"` // name -> sha256
	Cells map[string]string `json:"cells"` // identity -> sha256 of its seal
}

var errLost = errors.New("was there when the run was closed and is gone or changed")

// compareSeal adds what seal.json promises and the folder does not hold to the damage.
func (x *index) compareSeal(f *store.Folder) error {
	b, err := f.ReadFile(sealFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var l ledger
	if journal.ParseObject(b, &l) != nil {
		x.damage = append(x.damage, Damage{sealFile, "", journal.ErrDamaged})
		return nil
	}
	for _, name := range ledgerFiles {
		if want, ok := l.Files[name]; ok {
			b, err := f.ReadFile(name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			if err != nil || digest(b) != want {
				x.damage = append(x.damage, Damage{name, "", errLost})
			}
		}
	}
	for _, id := range sortedKeys(l.Cells) {
		if got, ok := x.sealed[id]; !ok || got.trailer != l.Cells[id] {
			x.damage = append(x.damage, Damage{sealFile, id, errLost})
		}
	}
	return nil
}

var ledgerFiles = []string{configFile, cellsFile, envFile, predictionsFile}

// writeSeal writes seal.json.
func (x *index) writeSeal(f *store.Folder) error {
	l := ledger{map[string]string{}, map[string]string{}}
	for _, name := range ledgerFiles {
		b, err := f.ReadFile(name)
		if err == nil {
			l.Files[name] = digest(b)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for id, c := range x.sealed {
		l.Cells[id] = c.trailer
	}
	return f.PutBytes(sealFile, journal.AppendObject(nil, l))
}
