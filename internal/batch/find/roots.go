package find

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"pointille/internal/casefolder"
)

// root is a folder or photo to do.
type root struct {
	path  string // as given
	real  string // absolute, without links
	at    string // of its results below out
	photo bool
}

// placed checks the roots against each other and the folder for the results,
// and says where results of each go: below the root's own name.
func placed(o Options) ([]root, error) {
	roots, err := opened(o.Roots)
	if err != nil {
		return nil, err
	}
	names := map[string]root{}
	for i, r := range roots {
		if other, twice := names[strings.ToLower(r.at)]; twice {
			return nil, fmt.Errorf("%s and %s: results of both would lie in %s; do them with an --out of their own", other.path, r.path, r.at)
		}
		names[strings.ToLower(r.at)] = r
		for _, other := range roots[:i] {
			if Within(r.real, other.real) || Within(other.real, r.real) {
				return nil, fmt.Errorf("%s and %s: one lies in the other; name only the outer one", other.path, r.path)
			}
		}
	}
	return roots, apart(roots, o.Out)
}

func opened(paths []string) ([]root, error) {
	var roots []root
	var photos []string
	for _, p := range paths {
		info, err := os.Stat(p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: there is no such folder or photo; is its disk connected?", p)
		case err != nil:
			return nil, fmt.Errorf("%s: cannot be read: %w", p, cause(err))
		case !info.IsDir() && !info.Mode().IsRegular():
			return nil, fmt.Errorf("%s: neither a folder nor a photo", p)
		}
		r := root{path: filepath.Clean(p), photo: !info.IsDir()}
		if r.real, err = real(p); err != nil {
			return nil, fmt.Errorf("%s: cannot be read: %w", p, cause(err))
		}
		if !utf8.ValidString(r.real) {
			return nil, fmt.Errorf("%q: its name is no valid UTF-8: rename it", p)
		}
		if r.photo {
			photos = append(photos, r.path)
		}
		roots = append(roots, r)
	}
	names := casefolder.Names(photos)
	for i := range roots {
		if roots[i].photo {
			roots[i].at, names = names[0], names[1:]
		} else {
			roots[i].at = nameOf(roots[i])
		}
	}
	return roots, nil
}

// nameOf is the last part of a folder's path as its user wrote it.
func nameOf(r root) string {
	abs, err := filepath.Abs(r.path)
	if err != nil {
		abs = r.real
	}
	if name := filepath.Base(abs); name != string(filepath.Separator) {
		return name
	}
	return "root"
}

// apart refuses results among the photos.
func apart(roots []root, out string) error {
	to, err := real(out)
	if err != nil {
		return fmt.Errorf("%s: cannot be the folder for the results: %w", out, cause(err))
	}
	for _, r := range roots {
		results := filepath.Join(to, r.at)
		for _, other := range roots {
			if other.photo {
				continue
			}
			if to == other.real || Within(results, other.real) && !Within(to, other.real) || Within(other.real, results) {
				return fmt.Errorf("%s: results of %s would lie among the photos of %s; choose another --out", out, r.path, other.path)
			}
		}
	}
	return nil
}

// real is a path without links. Of one that is not there yet, its beginning is
// taken as it will be.
func real(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	done, err := filepath.EvalSymlinks(abs)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(abs) != abs {
		dir, err := real(filepath.Dir(abs))
		return filepath.Join(dir, filepath.Base(abs)), err
	}
	return done, err
}

// Within reports whether path is folder or lies in it, by their names.
func Within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
