package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

const root = "../.."

// Limits in lines; what is longer belongs into two files.
const (
	longestGo  = 500
	longestTSX = 300
	longestTS  = 400
	longestFn  = 100 // lines of one function, its comments included
)

// walk visits our own source files.
func walk(t *testing.T, visit func(path string, raw []byte)) {
	t.Helper()
	skip := map[string]bool{"node_modules": true, "wailsjs": true, "dist": true, ".git": true, ".cache": true, "bin": true, "testdata": true}
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skip[d.Name()] {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(path) {
		case ".go", ".ts", ".tsx", ".mjs":
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			seen++
			rel, _ := filepath.Rel(root, path)
			visit(filepath.ToSlash(rel), raw)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Fatalf("only %d files found", seen)
	}
}

func TestNoFileIsTooLong(t *testing.T) {
	limits := map[string]int{".go": longestGo, ".tsx": longestTSX, ".ts": longestTS, ".mjs": longestTS}
	walk(t, func(path string, raw []byte) {
		limit := limits[filepath.Ext(path)]
		if n := strings.Count(string(raw), "\n"); n > limit {
			t.Errorf("%s has %d lines, at most %d are allowed: split it", path, n, limit)
		}
	})
}

func TestNoFunctionIsTooLong(t *testing.T) {
	walk(t, func(path string, raw []byte) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, raw, 0)
		if err != nil {
			t.Error(err)
			return
		}
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				if n := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1; n > longestFn {
					t.Errorf("%s: %s has %d lines, at most %d are allowed", path, fn.Name.Name, n, longestFn)
				}
			}
		}
	})
}

// speaks lists where Go may hold words for people in Chinese: the verbs' own few
// sentences, the window's title, the invented mail, the names that folders and
// columns have out in the world, and whatever serves tests.
var speaks = []string{
	"window.go", "backend/cli/", "backend/provider/practice/", "backend/provider/providertest/", "backend/preset/", "backend/people/", "backend/migrate/foldermap/",
	"backend/mailbox/imap/", "backend/records/lookup/", "backend/testkit/", "backend/mailbox/mailboxtest/", "backend/archtest/",
}

func TestWordsForPeopleLiveInTheLanguageFiles(t *testing.T) {
	walk(t, func(path string, raw []byte) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, place := range speaks {
			if strings.HasPrefix(path, place) {
				return
			}
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, raw, 0)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if field, ok := n.(*ast.KeyValueExpr); ok {
				if name, ok := field.Key.(*ast.Ident); ok && name.Name == "ChineseName" { // a vendor's own
					return false
				}
			}
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && han(lit.Value) >= 4 {
				t.Errorf("%s: %s is for people: it belongs into the page's language files", set.Position(lit.Pos()), lit.Value)
			}
			return true
		})
	})
}

func han(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

func TestNothingIsLeftToDo(t *testing.T) {
	walk(t, func(path string, raw []byte) {
		if strings.HasPrefix(path, "backend/archtest/") {
			return
		}
		for i, line := range strings.Split(string(raw), "\n") {
			for _, word := range []string{"TODO", "FIXME", "XXX:", "HACK"} {
				if strings.Contains(line, word) {
					t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
				}
			}
		}
	})
}

// Every package says what it does and what it leaves out, in one place.
func TestEveryPackageIntroducesItself(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) == 0 || strings.Contains(p.ImportPath, "/node_modules/") {
			continue
		}
		introduced := 0
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Error(err)
				continue
			}
			if file.Doc != nil && len(file.Doc.Text()) > 40 {
				introduced++
			}
		}
		if introduced != 1 {
			t.Errorf("%s: %d package comments, want one", p.ImportPath, introduced)
		}
		switch name := p.ImportPath[strings.LastIndexByte(p.ImportPath, '/')+1:]; name {
		case "util", "utils", "helper", "helpers", "manager", "common", "misc":
			t.Errorf("%s: the name says nothing", p.ImportPath)
		}
	}
}
