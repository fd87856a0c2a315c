package headframe

import "math"

// meshOutsideMM is how far beyond the native border of the scalp the mesh
// reaches, so that borders and lowered hairlines lie inside it.
const meshOutsideMM = 22

// Mesh returns the skin of scalp, temples and forehead down to just above the
// brows as triangles with edges of about edgeMM. The same surface gives the
// same mesh. An edge below 0.5 mm is taken as 0.5.
func (s Surface) Mesh(edgeMM float64) *Mesh {
	all := geodesic(frequency(s.Radius(Vec{0, 1, 0}), max(edgeMM, 0.5)))
	glabella := s.Landmark(Glabella)
	keep := make([]int32, len(all.dirs))
	m := &Mesh{}
	for i, d := range all.dirs {
		keep[i] = -1
		p := s.Point(d)
		if gap, _ := s.NativeDistance(p); gap > -meshOutsideMM || forehead(p, glabella) {
			keep[i] = int32(len(m.V))
			m.V = append(m.V, p)
			m.N = append(m.N, s.Normal(d))
		}
	}
	for _, t := range all.tri {
		a, b, c := keep[t[0]], keep[t[1]], keep[t[2]]
		if a >= 0 && b >= 0 && c >= 0 {
			m.Tri = append(m.Tri, [3]int32{a, b, c})
		}
	}
	m.Area = m.vertexAreas()
	return m
}

// forehead is the skin in front, above the brows.
func forehead(p, glabella Vec) bool {
	return p[2] > 0.4*glabella[2] && p[1] > glabella[1]+8
}

// vertexAreas gives each vertex a third of its triangles.
func (m *Mesh) vertexAreas() []float64 {
	out := make([]float64, len(m.V))
	for _, t := range m.Tri {
		third := m.V[t[1]].Sub(m.V[t[0]]).Cross(m.V[t[2]].Sub(m.V[t[0]])).Norm() / 6
		for _, v := range t {
			out[v] += third
		}
	}
	return out
}

// frequency is the number of parts an icosahedron's edges are cut into for
// edges of about edge on a sphere: 10f² triangles of edge²·√3/4, twice.
func frequency(radius, edge float64) int {
	return max(2, int(math.Round(radius/edge*math.Sqrt(4*math.Pi/(20*math.Sqrt(3)/4)))))
}

// geodesic sphere: directions and triangles.
type sphereMesh struct {
	dirs []Vec
	tri  [][3]int32
}

// geodesic cuts each face of an icosahedron into f² triangles and moves the
// corners onto the unit sphere.
func geodesic(f int) sphereMesh {
	corners, faces := icosahedron()
	m := sphereMesh{}
	index := map[[3]int64]int32{}
	vertex := func(p Vec) int32 {
		d := p.Unit()
		// corners on shared edges are reached from both faces
		key := [3]int64{int64(math.Round(d[0] * 1e7)), int64(math.Round(d[1] * 1e7)), int64(math.Round(d[2] * 1e7))}
		if i, ok := index[key]; ok {
			return i
		}
		index[key] = int32(len(m.dirs))
		m.dirs = append(m.dirs, d)
		return index[key]
	}
	for _, face := range faces {
		a, b, c := corners[face[0]], corners[face[1]], corners[face[2]]
		at := func(i, j int) int32 {
			u, v := float64(i)/float64(f), float64(j)/float64(f)
			return vertex(a.Mul(1 - u - v).Add(b.Mul(u)).Add(c.Mul(v)))
		}
		for i := range f {
			for j := range f - i {
				m.tri = append(m.tri, [3]int32{at(i, j), at(i+1, j), at(i, j+1)})
				if i+j < f-1 {
					m.tri = append(m.tri, [3]int32{at(i+1, j), at(i+1, j+1), at(i, j+1)})
				}
			}
		}
	}
	return m
}

// icosahedron returns corners and faces, turning counter-clockwise seen from
// outside.
func icosahedron() ([]Vec, [][3]int) {
	g := (1 + math.Sqrt(5)) / 2
	corners := []Vec{
		{-1, g, 0}, {1, g, 0}, {-1, -g, 0}, {1, -g, 0}, {0, -1, g}, {0, 1, g},
		{0, -1, -g}, {0, 1, -g}, {g, 0, -1}, {g, 0, 1}, {-g, 0, -1}, {-g, 0, 1},
	}
	faces := [][3]int{
		{0, 11, 5}, {0, 5, 1}, {0, 1, 7}, {0, 7, 10}, {0, 10, 11}, {1, 5, 9}, {5, 11, 4}, {11, 10, 2}, {10, 7, 6}, {7, 1, 8},
		{3, 9, 4}, {3, 4, 2}, {3, 2, 6}, {3, 6, 8}, {3, 8, 9}, {4, 9, 5}, {2, 4, 11}, {6, 2, 10}, {8, 6, 7}, {9, 8, 1},
	}
	for i := range corners {
		corners[i] = corners[i].Unit()
	}
	return corners, faces
}
