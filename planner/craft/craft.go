// Package craft holds the numbers of the craft: what is known of scalps, hair,
// dots, pigment and sessions, each with its unit and where it comes from.
//
// A number used by the planner stands here and nowhere else. Numbers that are
// guesses say so in their source. Each file holds one subject.
package craft

// Quantity is one number of the craft.
type Quantity struct {
	Name   string
	Value  float64 // default
	Low    float64 // lower end of the usual range
	High   float64 // upper end of the usual range
	Unit   string
	Source string // publication, trade source, or "assumption: why"
}
