// Package web is the page that tablets show. Its TypeScript is bundled when the
// studio starts, by esbuild as a library; no Node and no other host is needed.
//
// Everything is embedded. An error would mean a broken build.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
)

//go:embed src
var source embed.FS

// Page is the bundled page.
type Page struct{ files map[string]File }

// File is one file of it.
type File struct {
	Data []byte
	Kind string // media type
	Tag  string // for browsers to ask whether it has changed
}

// File returns a file by its name.
func (p *Page) File(name string) (File, bool) {
	f, ok := p.files[name]
	return f, ok
}

// entries are bundled; all other files but TypeScript and words are sent as they are.
func entries() []string { return []string{"app.ts", "pair.ts", "trust.ts"} }

// Bundle makes the page.
func Bundle() (*Page, error) {
	p := &Page{files: map[string]File{}}
	for _, e := range entries() {
		code, err := bundle(e)
		if err != nil {
			return nil, err
		}
		p.add(strings.TrimSuffix(e, ".ts")+".js", code)
	}
	p.add("go.ttf", goregular.TTF) // where the tablet has no good letters of its own
	p.add("go-medium.ttf", gomedium.TTF)
	list, err := fs.ReadDir(source, "src")
	if err != nil {
		return nil, fmt.Errorf("reading the page: %w", err)
	}
	for _, e := range list {
		if e.IsDir() || kinds()[path.Ext(e.Name())] == "" {
			continue
		}
		data, err := source.ReadFile("src/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading the page: %w", err)
		}
		p.add(e.Name(), data)
	}
	return p, nil
}

func (p *Page) add(name string, data []byte) {
	sum := sha256.Sum256(data)
	p.files[name] = File{data, kinds()[path.Ext(name)], `"` + hex.EncodeToString(sum[:8]) + `"`}
}

// kinds are the media types of files that are sent.
func kinds() map[string]string {
	return map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".ttf": "font/ttf", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
	}
}

func bundle(entry string) ([]byte, error) {
	r := api.Build(api.BuildOptions{
		// resolved as imports are: given as a text it would be another module than the one that others import, and run twice
		EntryPoints: []string{"./" + entry}, Outdir: "/",
		Bundle: true, Format: api.FormatESModule, Target: api.ES2022, Charset: api.CharsetUTF8, LogLevel: api.LogLevelSilent,
		MinifySyntax: true, MinifyWhitespace: true, Plugins: []api.Plugin{embedded()},
	})
	if len(r.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), "\n"))
	}
	return r.OutputFiles[0].Contents, nil
}

// embedded lets the bundler find imports in the program itself.
func embedded() api.Plugin {
	return api.Plugin{Name: "embedded", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\./`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			name := strings.TrimPrefix(a.Path, "./")
			if path.Ext(name) == "" {
				name += ".ts"
			}
			return api.OnResolveResult{Path: name, Namespace: "page"}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "page"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := source.ReadFile("src/" + a.Path)
			if err != nil {
				return api.OnLoadResult{}, fmt.Errorf("%s: %w", a.Path, err)
			}
			text, loader := string(data), api.LoaderTS
			if path.Ext(a.Path) == ".json" {
				loader = api.LoaderJSON
			}
			return api.OnLoadResult{Contents: &text, Loader: loader}, nil
		})
	}}
}
