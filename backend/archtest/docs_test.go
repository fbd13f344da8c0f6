package archtest

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func page(t *testing.T, path ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The floors in docs/architecture.md are those of the tree: every package stands there once,
// on the floor that [levels] gives it, and no package that is gone.
func TestTheArchitecturePageShowsTheTree(t *testing.T) {
	_, after, _ := strings.Cut(page(t, "docs", "architecture.md"), "```\n")
	block, _, _ := strings.Cut(after, "```\n")
	shown := map[string]bool{}
	floor, household := 5, ""
	for line := range strings.Lines(block) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch top, isTop := strings.CutPrefix(name, "backend/"); {
		case strings.HasPrefix(line, "---"):
			floor--
			continue
		case isTop:
			household = top
			name = top
			if level, ok := levels[top]; !ok || level != floor {
				t.Errorf("%s is shown on floor %d; archtest has it on %d", top, floor, level)
			}
		case strings.HasPrefix(line, " "):
			name = household + "/" + name
		default:
			continue
		}
		if shown[name] {
			t.Errorf("%s is shown twice", name)
		}
		shown[name] = true
	}
	there := map[string]bool{}
	backend := filepath.Join(root, "backend")
	err := filepath.WalkDir(backend, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		dir, err := filepath.Rel(backend, filepath.Dir(path))
		if dir = filepath.ToSlash(dir); !workshop(module + "/backend/" + dir) {
			there[dir] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(there)) {
		if !shown[name] {
			t.Errorf("docs/architecture.md does not show backend/%s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		if !there[name] {
			t.Errorf("docs/architecture.md shows backend/%s, which is not there", name)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)

func TestLinksOfTheDocsLeadSomewhere(t *testing.T) {
	for _, pattern := range []string{"README.md", "docs/*.md", "docs/decisions/*.md"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range link.FindAllStringSubmatch(string(raw), -1) {
				if _, err := os.Stat(filepath.Join(filepath.Dir(file), filepath.FromSlash(l[1]))); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
	}
}

// A decision is called by its number, in the code too.
func TestEveryDecisionHasANumberOfItsOwn(t *testing.T) {
	files, err := os.ReadDir(filepath.Join(root, "docs", "decisions"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d decisions, %v", len(files), err)
	}
	called := map[string]string{}
	for _, f := range files {
		number, _, _ := strings.Cut(f.Name(), "-")
		if other, taken := called[number]; taken {
			t.Errorf("%s and %s have one number", other, f.Name())
		}
		called[number] = f.Name()
	}
}
