package guided

import "math"

// tap is a place between two neighbours: the second's share is part.
type tap struct {
	at, next int32
	part     float32
}

// between is the tap at position u of n, clamped to the ends.
func between(u float32, n int) tap {
	f := float32(math.Floor(float64(u)))
	at := int32(f)
	last := int32(n - 1)
	return tap{min(max(at, 0), last), min(max(at+1, 0), last), u - f}
}

// bound finds what no pixel of each row of blocks exceeds, for guides between 0 and 1.
func (m *Map) bound() {
	m.most = make([]float32, m.offset.H)
	for y := range m.most {
		most := float32(math.Inf(-1))
		for i := y * m.offset.W; i < (y+1)*m.offset.W; i++ {
			v := m.offset.Pix[i]
			if k := m.slope.Pix[i]; k > 0 {
				v += k
			}
			if v > most {
				most = v
			}
		}
		m.most[y] = most
	}
}

// Most returns a number that no pixel of row y exceeds where the guide lies
// between 0 and 1.
func (m *Map) Most(y int) float32 {
	t := m.down(y)
	return max(m.most[t.at], m.most[t.next])
}

func (m *Map) down(y int) tap {
	return between((float32(y)+0.5)/float32(m.guide.block)-0.5, m.offset.H)
}

// line is the linear function of the guide at a block.
type line struct{ slope, offset float32 }

// Reader reads rows of maps with one guide; it is for one goroutine.
type Reader struct{ lines []line }

// Row writes row y of a map to out, which has the guide's width.
func (r *Reader) Row(m *Map, y int, out []float32) {
	r.lines = m.lines(m.down(y), r.lines)
	guide, lines, across := m.guide.picture.Pix[y*m.guide.picture.W:][:len(out)], r.lines, m.guide.across
	for x := range out {
		t := &across[x]
		a, b := &lines[t.at], &lines[t.next]
		slope := a.slope + (b.slope-a.slope)*t.part
		offset := a.offset + (b.offset-a.offset)*t.part
		out[x] = slope*guide[x] + offset
	}
}

// lines are the functions between two rows of blocks.
func (m *Map) lines(t tap, into []line) []line {
	w := m.offset.W
	if cap(into) < w {
		into = make([]line, w)
	}
	into = into[:w]
	s0, s1 := m.slope.Pix[int(t.at)*w:][:w], m.slope.Pix[int(t.next)*w:][:w]
	o0, o1 := m.offset.Pix[int(t.at)*w:][:w], m.offset.Pix[int(t.next)*w:][:w]
	for i := range into {
		into[i] = line{s0[i] + (s1[i]-s0[i])*t.part, o0[i] + (o1[i]-o0[i])*t.part}
	}
	return into
}
