package casefolder

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// noTwins refuses a photo that lies in the case twice under two names: one of
// them claims to show what it does not. Files of different size are not read.
// What is no photo has no twin: many of one size may have been left by a
// transfer that failed, and opening them says so of each.
func noTwins(dir string, photos []Photo) error {
	bySize := map[int64][]string{}
	for _, p := range photos {
		info, err := os.Stat(p.Path)
		if err != nil {
			continue // opening it will say so
		}
		if k, err := kindOf(p.Path); err != nil || !k.Photo() {
			continue
		}
		for _, other := range bySize[info.Size()] {
			if same(other, p.Path) {
				return fmt.Errorf("%s: %s and %s are the same photo; remove one", dir, filepath.Base(other), filepath.Base(p.Path))
			}
		}
		bySize[info.Size()] = append(bySize[info.Size()], p.Path)
	}
	return nil
}

// same compares contents. What cannot be read is no twin: opening it will say so.
func same(a, b string) bool {
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
