// Package casefolder finds the photos of one client.
//
// A case is a folder of photos or a single photo. Views come from the file
// names (front.jpg, IMG_left_2.heic, close-up.png) or from a file case.json
// beside the photos; a photo whose name tells no view keeps "" and has its
// view detected later. Sub-folders, hidden files, links, files that neither are
// photos nor are named as photos are, and the pictures this program writes
// itself are passed over. A file that only has a photo's name stays in the
// case, without a view, so that opening it tells what it is instead. Errors name
// the folder or file at fault and say what to do.
package casefolder

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pointille/internal/filekind"
	"pointille/vision/survey"
)

// Case is one client's set of photos.
type Case struct {
	Code   string  // from case.json, or the name of the folder or photo
	Photos []Photo // in the order of their file names
}

// Photo is one photo of a case.
type Photo struct {
	Path    string
	Name    string  // begins the names of its results, see Names
	View    string  // a view of package survey, "" where the name tells none
	MMPerPx float64 // from case.json, millimetres per pixel; 0 where not given
}

// Open finds the photos at path, a folder or one photo.
func Open(path string) (*Case, error) { return OpenSome(path, nil) }

// OpenSome is Open of a folder as if it held only the files that take wants, by
// their names; nil wants all.
func OpenSome(path string, take func(name string) bool) (*Case, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such folder or photo", path)
	case err != nil:
		return nil, fmt.Errorf("opening the case: %w", err)
	case info.IsDir():
		return openFolder(path, take)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: neither a folder nor a photo", path)
	}
	if k, err := kindOf(path); err != nil {
		return nil, err
	} else if !k.Photo() {
		return nil, fmt.Errorf("%s: not a photo (%s)", path, k)
	}
	name := Names([]string{path})[0]
	return &Case{Code: name, Photos: []Photo{{Path: path, Name: name, View: View(path)}}}, nil
}

func openFolder(dir string, take func(name string) bool) (*Case, error) {
	if take == nil {
		take = func(string) bool { return true }
	}
	c := &Case{Code: folderName(dir)}
	description, err := readDescription(dir)
	if err != nil {
		return nil, err
	}
	if description != nil {
		if description.Code != "" {
			c.Code = description.Code
		}
		if c.Photos, err = description.photos(dir); err != nil {
			return nil, err
		}
	}
	if len(c.Photos) == 0 {
		if c.Photos, err = scan(dir, take); err != nil {
			return nil, err
		}
	}
	c.Photos = slices.DeleteFunc(c.Photos, func(p Photo) bool { return !take(filepath.Base(p.Path)) })
	paths := make([]string, len(c.Photos))
	for i, p := range c.Photos {
		paths[i] = p.Path
	}
	for i, name := range Names(paths) {
		c.Photos[i].Name = name
	}
	if err := oneOfEach(dir, c.Photos); err != nil {
		return nil, err
	}
	return c, noTwins(dir, c.Photos)
}

func folderName(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Base(dir)
}

// scan returns the photos of a folder, by file name.
func scan(dir string, take func(name string) bool) ([]Photo, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the case: %w", err)
	}
	var photos []Photo
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") || Ours(e.Name()) || !take(e.Name()) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		k, err := kindOf(path)
		if err != nil {
			return nil, err
		}
		switch {
		case k.Photo():
			photos = append(photos, Photo{Path: path, View: View(path)})
		case NamedAsPhoto(e.Name()):
			photos = append(photos, Photo{Path: path})
		}
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s: the folder is empty; put the client's photos into it", dir)
	}
	if len(photos) == 0 {
		return nil, fmt.Errorf("%s: no photos in this folder (JPEG, PNG, WebP or HEIC)", dir)
	}
	return photos, nil
}

// NamedAsPhoto reports whether a file's name promises a photo: one that was lost
// or spoilt on the way must not be left out in silence.
func NamedAsPhoto(name string) bool {
	extensions := []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".heic", ".heif", ".avif", ".jxl"}
	return slices.Contains(extensions, strings.ToLower(filepath.Ext(name)))
}

func kindOf(path string) (filekind.Kind, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("opening the case: %w", err)
	}
	defer f.Close()
	head := make([]byte, filekind.HeadBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", fmt.Errorf("reading %s: %w", path, err)
	}
	return filekind.Of(head[:n]), nil
}

// oneOfEach refuses two photos of one view. Close-ups show different patches,
// and views still to be detected may be any.
func oneOfEach(dir string, photos []Photo) error {
	first := map[string]string{}
	for _, p := range photos {
		if p.View == "" || p.View == survey.Macro {
			continue
		}
		if other, twice := first[p.View]; twice {
			return fmt.Errorf("%s: %s and %s both claim to be the view %q; remove or rename one, or say which is which in %s",
				dir, other, filepath.Base(p.Path), p.View, descriptionFile)
		}
		first[p.View] = filepath.Base(p.Path)
	}
	return nil
}
