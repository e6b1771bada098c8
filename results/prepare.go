package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"modelcollapse/internal/store"
)

// repair moves damaged files out of the way, after it copied what is good in them. A lost cell needs no more
// than to be made again.
func (x *index) repair(f *store.Folder) error {
	for _, d := range x.damage {
		if !f.Exists(d.File) || !strings.HasSuffix(d.File, ".jsonl") || d.File == predictionsFile {
			continue
		}
		kept := path.Join(damagedDir, strings.ReplaceAll(d.File, "/", "-"))
		if s, ok := x.packs[d.File]; ok {
			if err := x.rewrite(f, d.File, kept, s); err != nil {
				return err
			}
		} else if err := f.Rename(d.File, kept); err != nil {
			return err
		}
	}
	x.damage = nil
	return f.Remove(sealFile) // until Close, nothing is promised
}

// rewrite copies a damaged pack to the name kept and leaves its good cells in its place.
func (x *index) rewrite(f *store.Folder, file, kept string, s scan) error {
	old, err := f.ReadFile(file)
	if err != nil {
		return err
	}
	if err := f.PutBytes(kept, old); err != nil {
		return err
	}
	at := int64(0)
	err = f.Put(file, func(w io.Writer) error {
		for _, c := range s.cells {
			if _, err := w.Write(old[c.from : c.from+c.whole]); err != nil {
				return err
			}
		}
		return nil
	})
	for _, c := range s.cells {
		if now := x.sealed[c.Cell]; now.file == file && now.from == c.from {
			c.from = at
			x.sealed[c.Cell] = c
		}
		at += c.whole
	}
	x.packs[file] = scan{good: at, size: at}
	return err
}

// writeManifest writes config.yaml, cells.json and env.json where they differ from what is there.
func (r *Run) writeManifest() error {
	cells, err := r.manifest.encode()
	if err != nil {
		return err
	}
	env, err := r.environments()
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		b    []byte
	}{{configFile, r.manifest.Config}, {cellsFile, cells}, {envFile, env}} {
		old, err := r.folder.ReadFile(f.name)
		if err == nil && bytes.Equal(old, f.b) {
			continue
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := r.folder.PutBytes(f.name, f.b); err != nil {
			return err
		}
	}
	return nil
}

// environments is the list of all environments that wrote to the run, this one included, in order.
func (r *Run) environments() ([]byte, error) {
	var all []map[string]string
	b, err := r.folder.ReadFile(envFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if json.Unmarshal(b, &all) != nil {
		all = nil // damaged: reported, and written anew
	}
	known := slices.ContainsFunc(all, func(e map[string]string) bool { return maps.Equal(e, r.manifest.Env) })
	if !known {
		all = append(all, r.manifest.Env)
	}
	b, err = json.MarshalIndent(all, "", " ")
	return append(b, '\n'), err
}
