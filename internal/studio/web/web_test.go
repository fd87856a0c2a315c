package web_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pointille/internal/studio/web"
)

func ExampleBundle() {
	p, err := web.Bundle()
	if err != nil {
		fmt.Println(err)
		return
	}
	f, ok := p.File("app.js")
	fmt.Println(f.Kind, ok)
	// Output: text/javascript; charset=utf-8 true
}

func TestFiles(t *testing.T) {
	p, err := web.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "pair.html", "trust.html", "style.css", "app.js", "pair.js", "trust.js", "icon.svg", "app.webmanifest", "go.ttf"} {
		f, ok := p.File(name)
		if !ok || len(f.Data) == 0 || f.Kind == "" || f.Tag == "" {
			t.Errorf("%s is missing", name)
		}
		if s := string(f.Data); f.Kind != "font/ttf" && regexp.MustCompile(`https?://[a-z]`).MatchString(strings.ReplaceAll(s, "http://www.w3.org/", "")) {
			t.Errorf("%s names a foreign host", name)
		}
	}
	if f, _ := p.File("app.js"); strings.Count(string(f.Data), `"/api/session"`) != 1 {
		t.Error("the page's code is in its bundle more than once, so it would run so often")
	}
	for _, name := range []string{"../web.go", "app.ts", "words.json", "", "src/app.ts"} {
		if _, ok := p.File(name); ok {
			t.Errorf("%q is sent", name)
		}
	}
}

// TestNothingInline: the page's policy lets neither inline scripts nor inline styles
// run, so there must be none.
func TestNothingInline(t *testing.T) {
	pages, err := filepath.Glob("src/*.html")
	if err != nil || len(pages) != 3 {
		t.Fatalf("%v %v", pages, err)
	}
	for _, f := range pages {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if regexp.MustCompile(`(?i)<style|style=|<script(?:[^>]*)>[^<]|\son[a-z]+=`).Match(data) {
			t.Errorf("%s holds inline code or style", f)
		}
	}
}

// TestWords: every word that the page asks for is in the catalogue, in both
// languages, with the same places to fill; and every word of the catalogue is used.
func TestWords(t *testing.T) {
	data, err := os.ReadFile("src/words.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string][]string
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("src/*.ts")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	holes := regexp.MustCompile(`\{\d\}`)
	for key, both := range words {
		if len(both) != 2 || both[0] == "" || both[1] == "" {
			t.Errorf("%s lacks a language", key)
			continue
		}
		if a, b := holes.FindAllString(both[0], -1), holes.FindAllString(both[1], -1); len(a) != len(b) {
			t.Errorf("%s: %v in English, %v in Latvian", key, a, b)
		}
		if !used(code.String(), key) {
			t.Errorf("%s is used nowhere", key)
		}
	}
	for _, m := range regexp.MustCompile(`\bt\("([a-z0-9.A-Z]+)"[,)]`).FindAllStringSubmatch(code.String(), -1) {
		if words[m[1]] == nil {
			t.Errorf("%s is not in the catalogue", m[1])
		}
	}
}

// used reports whether code asks for a key, whole or put together from its beginning.
func used(code, key string) bool {
	if strings.Contains(code, `"`+key+`"`) {
		return true
	}
	for at := strings.IndexByte(key, '.'); at > 0 && at < len(key); at++ {
		if key[at] == '.' && strings.Contains(code, `"`+key[:at+1]+`"`) {
			return true
		}
	}
	return false
}
