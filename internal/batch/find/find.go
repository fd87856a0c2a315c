// Package find finds the cases below folders: what a batch will do, what it
// passes over, and why.
//
// A folder that holds photos is a case, see package casefolder, and so is a
// photo named by itself; folders in it are looked into as well. No link is
// followed. What is hidden, what is no photo, what this program wrote, stray
// copies of a photo in its folder, and folders that hold nothing but copies of
// another case's photos are passed over. Only reading is done. A root that is
// missing is an error that says so: it may be a disk that is not mounted.
package find

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"pointille/internal/casefolder"
)

// Options say where to look.
type Options struct {
	Roots []string // folders and photos
	Out   string   // where results go; never looked into

	// Look reads a file; nil: LookAt. It may know the answer of an earlier time.
	Look func(path string, info fs.FileInfo) (Facts, error)

	// Settled says whether a photo has stopped changing; nil: all have. A case
	// with one that has not is left for later.
	Settled func(path string, info fs.FileInfo) bool
}

// Case is one client's photos.
type Case struct {
	At     string // of its results below Out, with slashes: photos/anna
	Path   string // folder or photo
	Code   string
	Photos []Photo
	Bad    string // why nothing can be done; empty: it can
}

// Photo is one photo of a case.
type Photo struct {
	casefolder.Photo
	Facts
}

// Remark is a file or folder with a reason.
type Remark struct {
	Path string `json:"file"`
	Why  string `json:"why"`
}

// Found is what there is.
type Found struct {
	Cases   []Case   // by At
	Skipped []Remark // passed over
	Failed  []Remark // photos and folders that should have been looked at and could not
	Later   []string // folders that still change
	Empty   []string // roots that hold nothing at all
}

// Photos is how many photos the cases have.
func (f *Found) Photos() int {
	n := 0
	for _, c := range f.Cases {
		n += len(c.Photos)
	}
	return n
}

// Find looks below all roots.
func Find(ctx context.Context, o Options) (*Found, error) {
	if o.Look == nil {
		o.Look = func(path string, _ fs.FileInfo) (Facts, error) { return LookAt(path) }
	}
	if o.Settled == nil {
		o.Settled = func(string, fs.FileInfo) bool { return true }
	}
	roots, err := placed(o)
	if err != nil {
		return nil, err
	}
	s := &search{ctx: ctx, Options: o, found: new(Found)}
	if s.out, err = os.Stat(o.Out); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking at the folder for the results: %w", err)
	}
	for _, r := range roots {
		if err := s.root(r); err != nil {
			return nil, err
		}
	}
	s.dropCopies()
	slices.SortFunc(s.found.Cases, func(a, b Case) int { return cmp.Compare(a.At, b.At) })
	return s.found, nil
}

// Check says whether Find can begin: roots are there, and results would not lie
// among the photos.
func Check(o Options) error {
	_, err := placed(o)
	return err
}

// search is one walk.
type search struct {
	Options
	ctx   context.Context
	out   fs.FileInfo // nil: not there yet
	found *Found
}

func (s *search) skip(path, why string) {
	s.found.Skipped = append(s.found.Skipped, Remark{path, why})
}
func (s *search) fail(path, why string) {
	s.found.Failed = append(s.found.Failed, Remark{path, why})
}

func (s *search) root(r root) error {
	if r.photo {
		return s.single(r)
	}
	entries, err := os.ReadDir(r.path)
	if err != nil {
		return fmt.Errorf("%s: cannot be read: %w", r.path, cause(err))
	}
	if len(entries) == 0 {
		s.found.Empty = append(s.found.Empty, r.path)
	}
	return s.folder(r.path, r.at, entries)
}

// single takes a photo named by itself.
func (s *search) single(r root) error {
	info, err := os.Stat(r.path)
	if err != nil {
		return fmt.Errorf("%s: cannot be read: %w", r.path, cause(err))
	}
	if !s.Settled(r.path, info) {
		s.found.Later = append(s.found.Later, r.path)
		return nil
	}
	facts, err := s.Look(r.path, info)
	if err != nil {
		s.fail(r.path, "cannot be read: "+cause(err).Error())
		return nil
	}
	c := Case{At: r.at, Path: r.path, Code: r.at}
	opened, err := casefolder.Open(r.path)
	if err != nil {
		c.Bad = err.Error()
	} else {
		c.Code, c.Photos = opened.Code, []Photo{{opened.Photos[0], facts}}
	}
	s.found.Cases = append(s.found.Cases, c)
	return nil
}

// folder looks at one folder and those in it.
func (s *search) folder(dir, at string, entries []fs.DirEntry) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	var below []fs.DirEntry
	here := contents{dir: dir, at: at, files: map[string]Facts{}}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case !utf8.ValidString(e.Name()):
			s.fail(path, "its name is no valid UTF-8: rename it")
		case strings.HasPrefix(e.Name(), "."):
		case e.Type()&fs.ModeSymlink != 0:
			s.skip(path, "a link")
		case e.IsDir() && machinery(e.Name()):
			s.skip(path, "a folder of the system")
		case e.IsDir():
			below = append(below, e)
		case !e.Type().IsRegular():
			s.skip(path, "no file")
		case casefolder.Ours(e.Name()):
			s.skip(path, "a picture that this program wrote")
		default:
			s.file(&here, path, e)
		}
	}
	s.take(here)
	for _, e := range below {
		if err := s.enter(filepath.Join(dir, e.Name()), at+"/"+e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// enter looks into a folder below a root.
func (s *search) enter(dir, at string) error {
	info, err := os.Lstat(dir)
	if err == nil && s.out != nil && os.SameFile(info, s.out) {
		s.skip(dir, "the folder for the results")
		return nil
	}
	if _, err := os.Lstat(filepath.Join(dir, Marker)); err == nil {
		s.skip(dir, "results of a batch")
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		s.fail(dir, "the folder cannot be read: "+cause(err).Error())
		return nil
	}
	return s.folder(dir, at, entries)
}

// Marker is the folder by which the results of a batch are known.
const Marker = ".pointille"

// machinery are folders that systems and network disks make for themselves:
// bins, small pictures, search data.
func machinery(name string) bool {
	return slices.Contains([]string{
		"@eadir", "#recycle", "#snapshot", "$recycle.bin", "recycler", "system volume information", "lost+found", "__macosx",
	}, strings.ToLower(name))
}

// contents is what a folder holds that counts.
type contents struct {
	dir, at string
	files   map[string]Facts // by name: photos, and what is named as one
	moving  bool
}

func (s *search) file(here *contents, path string, e fs.DirEntry) {
	if e.Name() == "case.json" {
		return
	}
	info, err := e.Info()
	if errors.Is(err, fs.ErrNotExist) {
		return // taken away meanwhile
	}
	named := casefolder.NamedAsPhoto(e.Name())
	if err == nil && !s.Settled(path, info) && named {
		here.moving = true // not to be read while it grows
		return
	}
	var facts Facts
	if err == nil {
		facts, err = s.Look(path, info)
	}
	switch {
	case err != nil && named:
		s.fail(path, "cannot be read: "+cause(err).Error())
	case err != nil:
		s.skip(path, "cannot be read: "+cause(err).Error())
	case facts.Kind.Photo() || named:
		here.files[e.Name()] = facts
		here.moving = here.moving || !s.Settled(path, info)
	default:
		s.skip(path, fmt.Sprintf("not a photo (%s)", facts.Kind))
	}
}

// take makes a case of a folder's photos.
func (s *search) take(here contents) {
	if here.moving {
		s.found.Later = append(s.found.Later, here.dir)
		return
	}
	if len(here.files) == 0 {
		return
	}
	c := Case{At: here.at, Path: here.dir, Code: filepath.Base(here.dir)}
	opened, copies, err := here.open()
	if err != nil {
		c.Bad = err.Error()
		s.found.Cases = append(s.found.Cases, c)
		return
	}
	c.Code = opened.Code
	taken := map[string]bool{}
	for _, p := range opened.Photos {
		name := filepath.Base(p.Path)
		taken[name] = true
		c.Photos = append(c.Photos, Photo{p, here.files[name]})
	}
	for _, name := range sorted(here.files) {
		switch {
		case copies[name] != "":
			s.skip(filepath.Join(here.dir, name), "a copy of "+copies[name])
		case !taken[name]:
			s.skip(filepath.Join(here.dir, name), "case.json does not list it")
		}
	}
	s.found.Cases = append(s.found.Cases, c)
}

// open opens the case, without stray copies where it has any; copies names for
// each of them its original.
func (c contents) open() (opened *casefolder.Case, copies map[string]string, err error) {
	readable := func(name string) bool { _, ok := c.files[name]; return ok }
	if opened, err = casefolder.OpenSome(c.dir, readable); err == nil {
		return opened, nil, nil
	}
	copies = c.copies()
	if len(copies) == 0 {
		return nil, nil, err
	}
	opened, err = casefolder.OpenSome(c.dir, func(name string) bool { return readable(name) && copies[name] == "" })
	return opened, copies, err
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
