package find

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"pointille/internal/casefolder"
)

// copies finds photos of a folder that are the same to the byte, and names for
// each that is passed over the one that stays. One whose name claims another
// view is no stray copy: one of the two names is wrong, and a person must say
// which.
func (c contents) copies() map[string]string {
	same := map[string][]string{}
	for _, name := range sorted(c.files) {
		if f := c.files[name]; f.Kind.Photo() {
			same[f.SHA256] = append(same[f.SHA256], name)
		}
	}
	out := map[string]string{}
	for _, names := range same {
		slices.SortStableFunc(names, better)
		view := casefolder.View(names[0])
		for _, n := range names[1:] {
			if v := casefolder.View(n); v == "" || v == view {
				out[n] = names[0]
			}
		}
	}
	return out
}

// better orders names of one photo: one that tells the view, then the shortest,
// which is the one that no program has added "copy" to.
func better(a, b string) int {
	tells := func(name string) int {
		if casefolder.View(name) == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(tells(a), tells(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// dropCopies passes over cases that hold nothing but copies of another case's
// photos. The one that stays lies less deep, or has the shorter name.
func (s *search) dropCopies() {
	order := make([]int, len(s.found.Cases))
	for i := range order {
		order[i] = i
	}
	depth := func(i int) (int, int) {
		at := s.found.Cases[i].At
		return strings.Count(at, "/"), len(at)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		da, la := depth(a)
		db, lb := depth(b)
		return cmp.Or(cmp.Compare(da, db), cmp.Compare(la, lb), cmp.Compare(s.found.Cases[a].At, s.found.Cases[b].At))
	})
	holders := map[string][]int{} // the cases that stay, by photo
	gone := map[int]bool{}
	for _, i := range order {
		c := s.found.Cases[i]
		if original := s.holdsAll(holders, c); original >= 0 {
			gone[i] = true
			s.skip(c.Path, "all its photos are copies of those in "+s.found.Cases[original].Path)
			continue
		}
		for _, p := range c.Photos {
			holders[p.SHA256] = append(holders[p.SHA256], i)
		}
	}
	var stay []Case
	for i, c := range s.found.Cases {
		if !gone[i] {
			stay = append(stay, c)
		}
	}
	s.found.Cases = stay
}

// holdsAll returns a case that has all photos of c, -1 if there is none. A single
// photo that lies among others, too, may be the stray one there: its case stays.
func (s *search) holdsAll(holders map[string][]int, c Case) int {
	if len(c.Photos) == 0 || c.Bad != "" {
		return -1
	}
	for _, i := range holders[c.Photos[0].SHA256] {
		all := true
		for _, p := range c.Photos {
			all = all && p.Kind.Photo() && slices.Contains(holders[p.SHA256], i)
		}
		if all && (len(c.Photos) > 1 || len(s.found.Cases[i].Photos) == 1) {
			return i
		}
	}
	return -1
}

func sorted(files map[string]Facts) []string { return slices.Sorted(maps.Keys(files)) }
