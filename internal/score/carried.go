package score

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/truth"
)

// Carried is how far a mark made in one photo lands in another from where the
// same skin truly is, mm across the view, over all pairs of photos that show it
// at less than 70°.
type Carried struct {
	Spread
	Marks int     `json:"marks"`
	Lost  float64 `json:"lost"` // share of marks for which the plan has no skin; they count as 50 mm off
	Pairs []Pair  `json:"pairs"`
}

// Pair is the same from one photo to one other.
type Pair struct {
	From string `json:"from"`
	To   string `json:"to"`
	Spread
	Marks int `json:"marks"`
}

// Marks are taken so many across the scalp in a photo; a pair of photos with
// fewer in common is not judged.
const (
	across   = 24
	fewMarks = 10
	lostMM   = 50
	sameSkin = 3 // mm: what both photos show within this is the same skin
)

func carried(c Case) *Carried {
	out := &Carried{Pairs: []Pair{}}
	var all []float64
	lost := 0
	for _, from := range c.Photos {
		for _, to := range c.Photos {
			if from.Name == to.Name || !from.Used || !to.Used {
				continue
			}
			off, gone := carry(c.Surface, from, to)
			if len(off) < fewMarks {
				continue
			}
			all, lost = append(all, off...), lost+gone
			out.Pairs = append(out.Pairs, Pair{From: from.Name, To: to.Name, Marks: len(off), Spread: *spread(off)})
		}
	}
	if len(all) == 0 {
		return nil
	}
	out.Marks, out.Lost, out.Spread = len(all), float64(lost)/float64(len(all)), *spread(all)
	return out
}

// carry is how far marks land off, mm, and how many the plan loses.
func carry(s headframe.Surface, from, to Photo) (off []float64, lost int) {
	skin := from.Truth.Skin
	if skin == nil {
		return nil, 0
	}
	step := max(1, skin.Box.Dx()/across)
	for y := skin.Box.Min.Y; y < skin.Box.Max.Y; y += step {
		for x := skin.Box.Min.X; x < skin.Box.Max.X; x += step {
			p, n, ok := skin.At(x, y)
			if !ok || n.Dot(from.Truth.Camera.Eye().Sub(p).Unit()) < squarely || !shows(to.Truth, p) {
				continue
			}
			d := lands(s, from, to, x, y, p)
			if d >= lostMM {
				d, lost = lostMM, lost+1
			}
			off = append(off, d)
		}
	}
	return off, lost
}

// shows reports whether a photo truly shows the skin at p squarely enough.
func shows(t *truth.View, p headframe.Vec) bool {
	x, y, ok := t.Camera.Project(p)
	if !ok {
		return false
	}
	q, n, ok := t.Skin.At(int(math.Round(x)), int(math.Round(y)))
	return ok && q.Sub(p).Norm() < sameSkin && n.Dot(t.Camera.Eye().Sub(q).Unit()) >= squarely
}

// lands is how far from the truth, mm, a mark at a pixel of one photo lands in
// another.
func lands(s headframe.Surface, from, to Photo, x, y int, p headframe.Vec) float64 {
	q, ok := s.Intersect(from.Camera.Eye(), from.Camera.Ray(float64(x), float64(y)))
	if !ok {
		return lostMM
	}
	u, v, ok := to.Camera.Project(q)
	if !ok {
		return lostMM
	}
	tu, tv, _ := to.Truth.Camera.Project(p)
	return min(lostMM, math.Hypot(u-tu, v-tv)*to.Truth.Camera.MMPerPx(p))
}
