package headframe

// Landmarks of the average head, by name; _L is the client's left.
const (
	Glabella    = "glabella"
	Nasion      = "nasion"
	Pronasale   = "pronasale"
	Subnasale   = "subnasale"
	Menton      = "menton"
	TragusL     = "tragus_L"
	TragusR     = "tragus_R"
	EarTopL     = "ear_top_L"
	EarTopR     = "ear_top_R"
	EarLobeL    = "ear_lobe_L"
	EarLobeR    = "ear_lobe_R"
	EarFrontL   = "ear_front_L" // front end of the ear's root, at the height of the tragus
	EarFrontR   = "ear_front_R"
	EarBackL    = "ear_back_L" // back end of the ear's root
	EarBackR    = "ear_back_R"
	EyeOuterL   = "eye_outer_L"
	EyeOuterR   = "eye_outer_R"
	EyeInnerL   = "eye_inner_L"
	EyeInnerR   = "eye_inner_R"
	VertexPoint = "vertex"   // highest point of the midline
	Occiput     = "occiput"  // backmost point of the midline
	Whorl       = "whorl"    // usual centre of the hair whorl, on the midline
	Trichion    = "trichion" // native hairline on the midline
	RecessL     = "recess_L" // top of the native frontotemporal recess
	RecessR     = "recess_R"
	TempleL     = "temple_L" // native temporal point
	TempleR     = "temple_R"
)

type landmark struct {
	name string
	p    Vec
}

// mark is a landmark tied to the surface: the point stays at the same
// multiple of the radius when the shape changes.
type mark struct {
	name  string
	dir   Vec
	ratio float64
}

func newMarks(average Surface) []mark {
	all := landmarkPositions()
	edge := newOutline()
	on := func(i int) Vec { return average.Point(edge[i%len(edge)].dir) }
	all = append(all,
		landmark{Trichion, on(0)},
		landmark{RecessL, on(apexIndex)}, landmark{RecessR, on(outlineCount - apexIndex)},
		landmark{TempleL, on(templeIndex)}, landmark{TempleR, on(outlineCount - templeIndex)},
	)
	marks := make([]mark, 0, len(all))
	for _, l := range all {
		d := average.Direction(l.p)
		marks = append(marks, mark{l.name, d, l.p.Sub(average.Centre()).Norm() / average.Radius(d)})
	}
	return marks
}

// newEars ties the places of both ears to the surface as landmarks are.
func newEars(average Surface) (ears []mark) {
	for _, p := range earPositions() {
		for _, q := range [2]Vec{p, {-p[0], p[1], p[2]}} {
			d := average.Direction(q)
			ears = append(ears, mark{dir: d, ratio: q.Sub(average.Centre()).Norm() / average.Radius(d)})
		}
	}
	return ears
}

// Ears returns places of both ears that stand off the skin, in turn of the
// client's left and right one. Between heads they differ by 5 mm in how far they
// stand off and by 2 mm in height and depth.
func (s Surface) Ears() []Vec {
	out := make([]Vec, len(s.base.ears))
	for i, m := range s.base.ears {
		out[i] = s.at(m)
	}
	return out
}

func (s Surface) at(m mark) Vec { return s.centre.Add(m.dir.Mul(m.ratio * s.Radius(m.dir))) }

// Landmark returns a landmark of this head, mm, and the origin for a name that
// is not among the constants. Skin landmarks follow the shape, and so, less
// exactly, do ears, eyes and nose.
func (s Surface) Landmark(name string) Vec {
	for _, m := range s.base.marks {
		if m.name == name {
			return s.at(m)
		}
	}
	return Vec{}
}

// Landmarks returns the names that Landmark knows, in a fixed order.
func (s Surface) Landmarks() []string {
	out := make([]string, 0, len(s.base.marks))
	for _, m := range s.base.marks {
		out = append(out, m.name)
	}
	return out
}

// BelowJaw reports whether skin at p lies below the head: under the line from the chin
// along the jaw to the ear lobe, and behind the ear under the lobe's height. The three
// points are means of rendered heads; the jaw's angle lies below the ear canal by the
// 65 mm of anthropometry's tragion to gonion (Farkas 1994).
func BelowJaw(p Vec) bool {
	const (
		lobeZ, lobeY     = 0.0, -30.0
		angleZ, angleY   = 20.0, -65.0
		mentonZ, mentonY = 85.0, -92.0
	)
	between := func(z0, y0, z1, y1 float64) float64 { return y0 + (y1-y0)*(p[2]-z0)/(z1-z0) }
	switch z := p[2]; {
	case z <= lobeZ:
		return p[1] < lobeY
	case z <= angleZ:
		return p[1] < between(lobeZ, lobeY, angleZ, angleY)
	case z <= mentonZ:
		return p[1] < between(angleZ, angleY, mentonZ, mentonY)
	}
	return p[1] < mentonY
}

// Neck reports whether p lies below a plane from under the occiput to above the
// chin: there the skin bends with the neck and is no part of the head.
func Neck(p Vec) bool { return p[1] < -55-0.25*p[2] }
