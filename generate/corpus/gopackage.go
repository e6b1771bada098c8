package corpus

import (
	"context"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// packagesBelow are the folders below src that may hold packages, relative to it and sorted.
func packagesBelow(src string) (packages []string, err error) {
	err = filepath.WalkDir(src, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); path != src && (name == "vendor" || name == "testdata" || name[0] == '.' || name[0] == '_') {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(src, path)
		packages = append(packages, rel)
		return err
	})
	slices.Sort(packages)
	return packages, err
}

// inParallel calls do for 0 … n−1 from as many goroutines as there are processors.
func inParallel(ctx context.Context, n int, do func(i int)) error {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
	return ctx.Err()
}

// packageProse is the sentences of a folder's Go files, a line each; tests, generated files and files that do not
// parse have none.
func packageProse(dir string, all bool) (e extract) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, entry := range entries { // sorted by name
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || entry.IsDir() {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || ast.IsGenerated(file) {
			continue
		}
		for _, c := range commentsOf(file, all) {
			e = appendProse(e, c.Text()) // Text leaves directives out
		}
	}
	return e
}

// commentsOf are the comments of a file: those that document something, or all.
func commentsOf(file *ast.File, all bool) []*ast.CommentGroup {
	if all {
		return file.Comments
	}
	docs := []*ast.CommentGroup{file.Doc}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			docs = append(docs, n.Doc)
			return false // what stands in a body documents nothing
		case *ast.GenDecl:
			docs = append(docs, n.Doc)
		case *ast.TypeSpec:
			docs = append(docs, n.Doc)
		case *ast.ValueSpec:
			docs = append(docs, n.Doc)
			return false
		case *ast.Field:
			docs = append(docs, n.Doc)
		}
		return true
	})
	return slices.DeleteFunc(docs, func(c *ast.CommentGroup) bool { return c == nil })
}

// licences are the words by which a comment is known as one.
var licences = []string{"Copyright", "BSD-style", "SPDX-License", "LICENSE file"}

// appendProse appends the sentences of a comment: headings, paragraphs and items of lists. Code is left out.
func appendProse(e extract, text string) extract {
	for _, l := range licences {
		if strings.Contains(text, l) {
			return e
		}
	}
	p := comment.Parser{LookupSym: func(string, string) bool { return true }} // [Name] is a link: no brackets
	return appendBlocks(e, p.Parse(text).Content)
}

func appendBlocks(e extract, blocks []comment.Block) extract {
	for _, block := range blocks {
		switch block := block.(type) {
		case *comment.Heading:
			e = appendSentences(e, plainText(block.Text))
		case *comment.Paragraph:
			e = appendSentences(e, plainText(block.Text))
		case *comment.List:
			for _, item := range block.Items {
				e = appendBlocks(e, item.Content)
			}
		}
	}
	return e
}

// plainText is text without links and emphasis.
func plainText(text []comment.Text) string {
	var b strings.Builder
	for _, t := range text {
		switch t := t.(type) {
		case comment.Plain:
			b.WriteString(string(t))
		case comment.Italic:
			b.WriteString(string(t))
		case *comment.Link:
			b.WriteString(plainText(t.Text))
		case *comment.DocLink:
			b.WriteString(plainText(t.Text))
		}
	}
	return b.String()
}
