package remarks_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pointille/planner/pigment"
)

// speaking are the packages whose texts people read: all that is no error in them is a
// remark.
func speaking() []string {
	return []string{
		"planner", "planner/checks", "planner/design", "planner/pigment", "planner/scalp", "planner/sessions",
		"vision", "vision/closeup", "vision/photo", "vision/quality", "internal/studio/desk",
	}
}

// refusing are the packages whose errors people meet on a tablet: some of them have a
// Latvian, none must have.
func refusing() []string {
	return []string{"planner/ledger", "planner/schedule", "internal/studio", "internal/studio/worker", "vision", "vision/photo"}
}

// silent are texts of those packages that are part of an error, or no words.
func silent() []string {
	return []string{
		"skin colour", "target tone", "hair colour", "fresh diameter", "healed diameter", "way from glabella to vertex",
		"%s: there is no such photo", "2006:01:02 15:04:05", "%s on both sides", "%s %s",
	}
}

// elsewhere are texts of the table that stand in no source as they are.
func elsewhere(t *testing.T) []string {
	t.Helper()
	out := []string{pigment.ErrBlue.Error(), pigment.ErrHelmet.Error()}
	all, err := pigment.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		out = append(out, p.Name)
	}
	return out
}

// TestEveryRemarkHasLatvian reads the source: whoever writes a new remark writes its
// Latvian into lv.json, and takes out what is no longer said.
func TestEveryRemarkHasLatvian(t *testing.T) {
	table, said := read(t), map[string]bool{}
	for _, s := range elsewhere(t) {
		said[s] = true
	}
	for _, dir := range speaking() {
		files, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			for at, text := range texts(t, f, false) {
				said[text] = true
				if table[text] == "" && !slices.Contains(silent(), text) {
					t.Errorf("%s: %q has no Latvian in lv.json", at, text)
				}
			}
		}
	}
	for _, dir := range refusing() {
		files, err := filepath.Glob(filepath.Join("../..", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, f := range files {
			for _, text := range texts(t, f, true) {
				said[strings.TrimPrefix(strings.Replace(text, "%w (%s)", "not a photo (%s)", 1), "%w: ")] = true
			}
		}
	}
	said["damaged or cut short: %s"] = true // %w: %v with ErrDamaged
	for english := range table {
		if english := untagged(english); !said[english] {
			t.Errorf("%q is said nowhere", english)
		}
	}
}

// untagged is a refusal without the error that it begins with.
func untagged(english string) string {
	for _, tag := range []string{"too large: ", "too small: "} {
		english = strings.TrimPrefix(english, tag)
	}
	return english
}

// texts are the texts with a space in them that a file puts together, by where, without
// those of sources, and of errors where they are not wanted.
func texts(t *testing.T, file string, errors bool) map[string]string {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	keep := func(n ast.Node, text string) {
		if text = strings.TrimSpace(text); strings.Contains(text, " ") {
			out[set.Position(n.Pos()).String()] = text
		}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			x.Tag = nil
		case *ast.CallExpr:
			return errors || !isError(x)
		case *ast.KeyValueExpr:
			id, ok := x.Key.(*ast.Ident)
			return !ok || id.Name != "Source"
		case *ast.BinaryExpr:
			if text, ok := joined(x); ok {
				keep(x, text)
				return false
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(x.Value); x.Kind == token.STRING && err == nil {
				keep(x, text)
			}
		}
		return true
	})
	return out
}

// isError reports whether a call makes an error.
func isError(c *ast.CallExpr) bool {
	f, ok := c.Fun.(*ast.SelectorExpr)
	return ok && slices.Contains([]string{"Errorf", "New", "Failf"}, f.Sel.Name)
}

// joined is a text that is put together with +; whatever is no literal of it is %s.
func joined(e ast.Expr) (text string, ok bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(x.Value)
		return text, x.Kind == token.STRING && err == nil
	case *ast.BinaryExpr:
		if x.Op != token.ADD {
			return "", false
		}
		a, left := joined(x.X)
		b, right := joined(x.Y)
		if !left {
			a = "%s"
		}
		if !right {
			b = "%s"
		}
		return a + b, left || right
	}
	return "", false
}
