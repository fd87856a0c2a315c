package headframe_test

import (
	"pointille/internal/headframe"
	"testing"
)

func BenchmarkProject(b *testing.B) {
	s := headframe.Mean()
	p := headframe.Vec{40, 120, 30}
	for b.Loop() {
		s.Project(p)
	}
}
func BenchmarkRadius(b *testing.B) {
	s := headframe.Mean()
	p := headframe.Vec{40, 120, 30}.Unit()
	for b.Loop() {
		s.Radius(p)
	}
}
func BenchmarkIntersect(b *testing.B) {
	s := headframe.Mean()
	e := headframe.Vec{300, 120, 400}
	d := headframe.Vec{20, 110, 60}.Sub(e).Unit()
	for b.Loop() {
		s.Intersect(e, d)
	}
}
func BenchmarkNativeScalp(b *testing.B) {
	s := headframe.Mean()
	for b.Loop() {
		s.NativeScalp(headframe.Vec{40, 120, 30})
	}
}
func BenchmarkMesh(b *testing.B) {
	s := headframe.Mean()
	for b.Loop() {
		s.Mesh(3)
	}
}
