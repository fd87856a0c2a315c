package casefolder

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"pointille/vision/survey"
)

// View returns the view that a photo's file name tells, "" where it tells none
// or several. The words front, left, right, back, top, crown and macro count
// wherever they stand between other signs or digits, and so does "close-up".
// A front-left or front-right photo shows both sides: it tells none.
func View(path string) string {
	base := filepath.Base(path)
	name := strings.ToLower(strings.TrimSuffix(base, filepath.Ext(base)))
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	view := ""
	for i, w := range words {
		v := viewOf(w)
		if w == "close" && i+1 < len(words) && words[i+1] == "up" {
			v = survey.Macro
		}
		if v == survey.Macro {
			return v // a close-up of the left side is a close-up
		}
		if v != "" && view != "" && v != view {
			return ""
		}
		if v != "" {
			view = v
		}
	}
	return view
}

func viewOf(word string) string {
	switch word {
	case survey.Front, "frontal":
		return survey.Front
	case survey.Left, survey.Right, survey.Back, survey.Top, survey.Crown, survey.Macro:
		return word
	case "closeup", "closeups":
		return survey.Macro
	case "rear":
		return survey.Back
	case "vertex":
		return survey.Crown
	}
	return ""
}

// Names returns, for each photo, the beginning of the names of its results:
// the file name without extension; with it where two photos would collide; and
// with a number at the end where photos of several folders still would. Names
// are compared without regard to case, because some file systems do so.
func Names(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = stem(p)
	}
	twice := repeated(out)
	for i, p := range paths {
		if twice[strings.ToLower(out[i])] {
			out[i] = filepath.Base(p)
		}
	}
	// A name that has become long may now be another's short one.
	twice = repeated(out)
	for i, p := range paths {
		if twice[strings.ToLower(out[i])] {
			out[i] = filepath.Base(p)
		}
	}
	number(out)
	return out
}

func repeated(names []string) map[string]bool {
	seen, twice := map[string]bool{}, map[string]bool{}
	for _, n := range names {
		n = strings.ToLower(n)
		twice[n] = twice[n] || seen[n]
		seen[n] = true
	}
	return twice
}

// number makes names differ that still do not.
func number(names []string) {
	taken := map[string]bool{}
	for _, n := range names {
		taken[strings.ToLower(n)] = true
	}
	seen := map[string]bool{}
	for i, n := range names {
		for k := 2; seen[strings.ToLower(names[i])]; k++ {
			if next := fmt.Sprintf("%s-%d", n, k); !taken[strings.ToLower(next)] {
				names[i] = next
			}
		}
		seen[strings.ToLower(names[i])] = true
	}
}

func stem(path string) string {
	base := filepath.Base(path)
	if s := strings.TrimSuffix(base, filepath.Ext(base)); s != "" {
		return s
	}
	return base
}

// Ours reports whether a file name is one that this program gives to its own
// pictures: maps, overlays, previews, sheets. They are never taken for photos.
func Ours(name string) bool {
	name = strings.ToLower(name)
	ext := filepath.Ext(name)
	if ext != ".png" && ext != ".jpg" && ext != ".jpeg" && ext != ".webp" {
		return false
	}
	kind := strings.TrimPrefix(filepath.Ext(strings.TrimSuffix(name, ext)), ".")
	return slices.Contains([]string{
		"overlay", "regions", "hair", "density", "mask", "dots", "preview", "sheet", "compare", "guide", "contact",
		"before", "fresh", "healed", "1y", "3y", "5y",
	}, kind)
}
