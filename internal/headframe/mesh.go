package headframe

// Mesh is a triangulated piece of skin. Triangles turn counter-clockwise seen
// from outside.
type Mesh struct {
	V    []Vec      // vertices, mm
	N    []Vec      // outward unit normals at the vertices
	Tri  [][3]int32 // vertex indices
	Area []float64  // skin that belongs to each vertex, mm²
}
