package render

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the top of the program's sources.
const root = "../.."

// sourceKeys are the strings of the program that may be message keys.
type sourceKeys struct {
	literals map[string]bool
	prefixes []string            // literals ending in a dot: "role." + name
	required map[string][]string // literals in the place of a key, and where
}

// keyArgument is the place of the key among the arguments of the functions that
// take one.
var keyArgument = map[string]int{"Invalid": 1, "Refuse": 1, "Msg": 0}

func readSources(t *testing.T) sourceKeys {
	t.Helper()
	k := sourceKeys{literals: map[string]bool{}, required: map[string][]string{}}
	files := token.NewFileSet()
	walk(t, root, ".go", func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return // a file being written elsewhere: the compiler will speak of it
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if s, ok := literal(n); ok {
					k.literals[s] = true
					if strings.HasSuffix(s, ".") && len(s) > 1 {
						k.prefixes = append(k.prefixes, s)
					}
				}
			case *ast.CallExpr:
				k.require(files, n)
			}
			return true
		})
	})
	return k
}

func (k sourceKeys) require(files *token.FileSet, call *ast.CallExpr) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	at, known := keyArgument[name]
	if !known || len(call.Args) <= at {
		return
	}
	if s, ok := literal(call.Args[at]); ok && strings.Contains(s, ".") {
		k.required[s] = append(k.required[s], files.Position(call.Pos()).String())
	}
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func walk(t *testing.T, folder, extension string, visit func(path string)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == extension {
			visit(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var inTemplate = regexp.MustCompile(`\bt\s+"([^"]+)"`)

func TestEveryMessageIsUsed(t *testing.T) {
	c := realCatalog(t)
	sources := readSources(t)
	walk(t, filepath.Join(root, "assets/templates"), ".html", func(path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inTemplate.FindAllStringSubmatch(string(text), -1) {
			sources.literals[m[1]] = true
		}
	})
	used := func(key string) bool {
		return sources.literals[key] || strings.HasPrefix(key, "format.") ||
			slices.ContainsFunc(sources.prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
	}
	b := c.books[DefaultLanguage]
	for key := range b.plain {
		if !used(key) {
			t.Errorf("message %q is used by no template and no Go source", key)
		}
	}
	for key := range b.shaped {
		if !used(key) {
			t.Errorf("message %q is used by no template and no Go source", key)
		}
	}
}

func TestEveryRefusalHasItsMessage(t *testing.T) {
	c := realCatalog(t)
	required := readSources(t).required
	if len(required) == 0 {
		t.Fatal("found no refusal in the sources: the search is broken")
	}
	for key, places := range required {
		if !c.Has(key) {
			t.Errorf("%s: no message %q", places[0], key)
		}
	}
}
