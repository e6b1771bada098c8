package cli

import (
	"context"
	"fmt"

	"modelcollapse/evaluate/audit"
)

// audited reads the sets and audits them as what they are.
func (a *app) audited(ctx context.Context, set string, f auditFlags) (*audit.Report, error) {
	files := audit.Files{Real: f.real, Synthetic: set, HoldOut: f.holdout, Canaries: f.canaries, Field: f.text, RealField: f.realText, Stdin: a.in}
	if f.realText == "" {
		files.RealField = f.text
	}
	text := f.kind == "text"
	if f.kind == "auto" {
		text = files.Text(ctx)
		kind := "table"
		if text {
			kind = "text"
		}
		fmt.Fprintf(a.err, "read as %s (--kind says otherwise)\n", kind)
	}
	if !text {
		return auditTables(ctx, files, f)
	}
	if f.target != "" || f.schema != "" || f.group != "" {
		return nil, fmt.Errorf("audit: --target, --schema and --group are of tables")
	}
	t, err := files.Texts(ctx)
	if err != nil {
		return nil, err
	}
	t.SmallCells = f.small
	return audit.Text(ctx, t, f.o)
}

// auditTables reads tables, and checks that rules are of columns that exist.
func auditTables(ctx context.Context, files audit.Files, f auditFlags) (*audit.Report, error) {
	types, rules, err := readSchema(f.schema)
	if err != nil {
		return nil, err
	}
	t, err := files.Tables(ctx, types)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, c := range t.Real.Columns {
		known = append(known, c.Name)
	}
	for column := range rules {
		if t.Real.Column(column) == nil && types[column] != "drop" {
			return nil, fmt.Errorf("%s: there is no column %q%s", f.schema, column, hint(column, known))
		}
	}
	t.Rules, t.Target, t.Group, t.SmallCells = rules, f.target, f.group, f.small
	return audit.Table(ctx, t, f.o)
}
