package roots

import "image"

// Pictures are looked at in tiles that overlap by as much as the network sees,
// so that memory stays bounded and no seam shows.
const (
	tileSide = 1536
	overlap  = 128
	multiple = 16 // the network halves four times
)

// tile is a part of the picture: seen is looked at, core is kept of it.
type tile struct{ seen, core image.Rectangle }

// tiles covers w×h; cores meet without overlap at multiples of a cell.
func tiles(w, h int) []tile {
	var out []tile
	for _, y := range spans(h) {
		for _, x := range spans(w) {
			out = append(out, tile{
				seen: image.Rect(x.from, y.from, x.to, y.to),
				core: image.Rect(x.keepFrom, y.keepFrom, x.keepTo, y.keepTo),
			})
		}
	}
	return out
}

type span struct{ from, to, keepFrom, keepTo int }

func spans(n int) []span {
	if n <= tileSide {
		return []span{{0, n, 0, n}}
	}
	step := tileSide - 2*overlap
	var out []span
	for at := 0; at < n; at += step {
		end := min(at+step, n)
		out = append(out, span{max(0, at-overlap), min(n, end+overlap), at, end})
	}
	return out
}
