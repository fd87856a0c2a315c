package guide

import "pointille/internal/headframe"

// mark is a place on the skin that several tiles show under one letter.
type mark struct {
	label string
	p     headframe.Vec
	tiles []int // indices
}

// shared finds one or two places on every border between two tiles.
func shared(tiles []Tile) []mark {
	var out []mark
	for i := range tiles {
		for j := i + 1; j < len(tiles); j++ {
			for _, p := range commonBorder(tiles, i, j) {
				out = append(out, mark{label: letters(len(out)), p: p, tiles: []int{i, j}})
			}
		}
	}
	return out
}

// commonBorder returns places near both ends of the border between two tiles,
// or its middle where it is short.
func commonBorder(tiles []Tile, i, j int) []headframe.Vec {
	run := borderRun(tiles[i], j)
	if len(run) == 0 {
		return nil
	}
	const short = 20.0 // mm
	a, b := run[len(run)/6], run[len(run)-1-len(run)/6]
	if a.Sub(b).Norm() < short {
		return []headframe.Vec{run[len(run)/2]}
	}
	return []headframe.Vec{a, b}
}

// borderRun returns the border of t with a neighbour in order.
func borderRun(t Tile, neighbour int) []headframe.Vec {
	n := len(t.border)
	start := 0
	for start < n && t.border[start].neighbour == neighbour {
		start++
	}
	var run []headframe.Vec
	for k := range n {
		if e := t.border[(start+k)%n]; e.neighbour == neighbour {
			run = append(run, e.skin)
		}
	}
	return run
}

// letters counts A, B … Z, AA, AB … without those that stand for landmarks or
// look like a circle.
func letters(n int) string {
	const all = "ABCDEFHJKNPSTUWXYZ"
	s := all[n%len(all) : n%len(all)+1]
	for n = n/len(all) - 1; n >= 0; n = n/len(all) - 1 {
		s = all[n%len(all):n%len(all)+1] + s
	}
	return s
}
