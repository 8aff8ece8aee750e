package intake

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The office writes its headers from the guide: what the program accepts and what
// the guide says must be one thing.
func TestGuide_namesEveryColumnAndEveryAcceptedName(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "import", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	chapters := strings.Split(string(text), "\n## ")
	for _, k := range Kinds {
		chapter := ""
		for _, c := range chapters {
			if title, _, _ := strings.Cut(c, "\n"); strings.Contains(title, "`"+exampleFiles[k]+"`") {
				chapter = c
			}
		}
		if chapter == "" {
			t.Errorf("the guide has no chapter on %s", exampleFiles[k])
			continue
		}
		if !strings.Contains(chapter, "refettorio import "+string(k)+" ") {
			t.Errorf("the chapter on %s does not give the command for kind %q", exampleFiles[k], k)
		}
		for _, c := range columnsOf[k] {
			if line := lineOf(chapter, "| **"+c.name+"**"); line == "" {
				t.Errorf("the chapter on %s has no line for the column %q", exampleFiles[k], c.name)
			} else {
				for _, name := range c.also {
					if !strings.Contains(line, name) {
						t.Errorf("%s, column %q: the guide does not say that %q is accepted", exampleFiles[k], c.name, name)
					}
				}
			}
		}
	}
}

func lineOf(text, prefix string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) {
			return line
		}
	}
	return ""
}
