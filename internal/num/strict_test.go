package num

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"
)

// exact lists what strict code may call of package math: functions without rounding of
// their own (Sqrt and FMA round once, correctly).
var exact = map[string]bool{
	"Sqrt": true, "Floor": true, "Abs": true, "FMA": true, "Min": true, "Max": true, "Inf": true, "IsInf": true, "NaN": true,
	"Float64bits": true, "Float64frombits": true, "MaxFloat64": true, "MinInt64": true, "Pi": true, "MaxInt64": true,
}

// TestSourceIsStrict reads this package and internal/rng: every floating-point product
// must be an argument of float64(...), or feed another product or a division, and
// nothing inexact of package math may be used. Else a compiler may fuse it into a sum,
// in another function too, once it is inlined.
func TestSourceIsStrict(t *testing.T) {
	fset := token.NewFileSet()
	source := importer.ForCompiler(fset, "source", nil)
	for _, dir := range []string{".", "../rng"} {
		files := parseSources(t, fset, dir)
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
		c := types.Config{Importer: source}
		if _, err := c.Check(dir, fset, files, info); err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			checkStrict(t, fset, info, f)
		}
	}
}

// parseSources parses the files of a package that are not tests.
func parseSources(t *testing.T, fset *token.FileSet, dir string) []*ast.File {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func checkStrict(t *testing.T, fset *token.FileSet, info *types.Info, f *ast.File) {
	var stack []ast.Node
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.MUL && isVariableFloat(info, n) && !rounded(info, stack) {
				t.Errorf("%s: a product that is not rounded: wrap it in float64()", fset.Position(n.Pos()))
			}
		case *ast.AssignStmt:
			if n.Tok == token.MUL_ASSIGN && isVariableFloat(info, n.Lhs[0]) {
				t.Errorf("%s: write x = float64(x * y)", fset.Position(n.Pos()))
			}
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "math" && !exact[n.Sel.Name] {
				t.Errorf("%s: math.%s is not the same on every platform", fset.Position(n.Pos()), n.Sel.Name)
			}
		}
		stack = append(stack, n)
		return true
	})
}

// isVariableFloat reports whether e is a floating-point value the compiler does not fold.
func isVariableFloat(info *types.Info, e ast.Expr) bool {
	v := info.Types[e]
	b, ok := v.Type.Underlying().(*types.Basic)
	return ok && v.Value == nil && b.Info()&types.IsFloat != 0
}

// rounded reports whether the innermost parent that is not a parenthesis rounds.
func rounded(info *types.Info, stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		switch p := stack[i].(type) {
		case *ast.ParenExpr:
			continue
		case *ast.BinaryExpr:
			return p.Op == token.MUL || p.Op == token.QUO
		case *ast.CallExpr:
			return info.Types[p.Fun].IsType()
		}
		return false
	}
	return false
}
