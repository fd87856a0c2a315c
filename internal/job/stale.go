package job

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// old are the files of the plan that a folder holds before a new one is
// written. Only what that plan names is ever removed; where it cannot be read,
// only what every plan writes. The surveys of photos of these names stay.
func old(out string, names map[string]string) []string {
	current := map[string]bool{}
	for _, name := range names {
		current[strings.ToLower(name)] = true
	}
	files := []string{"guide.pdf", "report.html"}
	path := filepath.Join(out, planFile)
	if _, err := os.Lstat(path); err != nil {
		return nil
	}
	p, err := plan.Read(path)
	if err != nil {
		return files
	}
	entries, err := os.ReadDir(out)
	if err != nil {
		entries = nil // there is nothing to take away, or remove says why it cannot
	}
	for _, ph := range p.Photos {
		name := nameOf(ph)
		for _, stage := range append(pigment.Stages(), plan.Before) {
			files = append(files, name+"."+stage+".jpg")
			files = append(files, variants(entries, name+"."+stage+"-")...)
		}
		files = append(files, name+DotsSuffix)
		if current[strings.ToLower(name)] {
			continue // its survey was just written
		}
		files = append(files, SurveyFiles(name)...)
	}
	return files
}

// variants are the pictures of a folder that Preview drew of a stage from
// another distance, at another end or shaved.
func variants(entries []os.DirEntry, prefix string) []string {
	var files []string
	for _, e := range entries {
		if n := e.Name(); strings.HasPrefix(n, prefix) && strings.HasSuffix(n, ".jpg") {
			files = append(files, n)
		}
	}
	return files
}

// ReplacePlan has a plan that was made elsewhere written into a folder, and takes
// away what the last one left there, as Documents does. names are those that the
// files of the photos with a survey begin with.
func ReplacePlan(out string, names []string, write func() error) error {
	current := map[string]string{}
	for _, n := range names {
		current[n] = n
	}
	if err := remove(out, old(out, current)); err != nil {
		return err
	}
	return write()
}

// remove takes away what would otherwise stand beside a new plan as if it
// belonged to it: pages, pictures, and the surveys of photos that are gone.
func remove(out string, files []string) error {
	for _, f := range files {
		err := os.Remove(filepath.Join(out, f))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing what the last plan left: %w", err)
		}
	}
	return nil
}
