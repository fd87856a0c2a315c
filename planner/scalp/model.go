// Package scalp finds this client's head: one surface in millimetres, one
// camera per photo, and what all photos together say about each place of the
// scalp.
//
// Everything is in the head frame (package headframe). A photo that does not
// fit the others is left out and says why; only a case in which no photo can
// be placed is an error.
package scalp

import (
	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// Model is a client's head as far as the photos show it.
type Model struct {
	Surface headframe.Surface // the skin
	Mesh    *headframe.Mesh   // scalp and forehead, edges of about 3 mm
	Field   Field             // what is known at each vertex of Mesh
	Views   []View            // one per photo, in the order given
	Scale   Scale
	ErrorMM float64 // RMS distance between photos and surface, mm
}

// View is one photo and how it sees the head.
type View struct {
	Survey  *survey.Survey
	Camera  headframe.Camera
	ErrorPx float64 // RMS distance of the camera's fit, pixels
	Used    bool
	Why     string // why not used
}

// Field is what the photos say, one entry per vertex of the mesh.
type Field struct {
	Seen     []float64 // how squarely views show it, cos² of the angles added up; 0: no photo does
	Scalp    []float64 // 0..1: bears or bore scalp hair; the average head's value where unseen
	Coverage []float64 // 0..1: hidden by hair, over the views that take it for scalp; 0 where none does
	Hairs    []float64 // hairs per cm² of skin, over the same views
	Sigma    []float64 // one standard deviation of Hairs
}

// Scale says how far the model's millimetres can be trusted.
type Scale struct {
	Source string  // card | given | face | head | none
	Sigma  float64 // relative, one standard deviation
	Scaled bool    // measured by card or given length
}
