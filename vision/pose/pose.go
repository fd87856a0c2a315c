// Package pose finds the camera of a photo from the places of the head the
// network saw, and names the view it is.
//
// Millimetres are those of the average head. A photo on which no camera fits
// is an error that says so; callers go on without one.
package pose

import (
	"fmt"
	"math"

	"pointille/internal/headframe"
	"pointille/vision/net"
	"pointille/vision/survey"
)

// enough cells of head on the network's grid to fit a camera to
const enough = 150

// Camera fits a camera to the prediction, then turns it until the average
// head's outline lies on the picture's. outline is in photo pixels; focal35 is
// the photo's focal length as 35 mm equivalent, 0 if unknown.
func Camera(p *net.Prediction, outline headframe.Outline, focal35 float64) (survey.Camera, error) {
	mm, px, weight := p.Correspondences()
	if len(mm) < enough {
		return survey.Camera{}, fmt.Errorf("too little of the head in the picture to place it on a head")
	}
	cam, rms, err := headframe.FitCamera(mm, px, weight, p.PhotoW, p.PhotoH, headframe.CameraPrior{Focal35: focal35})
	if err != nil {
		return survey.Camera{}, fmt.Errorf("placing the photo on a head: %w", err)
	}
	cam = outline.Turn(headframe.Mean(), cam, cam, slack())
	return survey.Camera{Camera: cam, SigmaPx: rms, Source: "surface"}, nil
}

// slack is how far the network's camera is off, one standard deviation.
func slack() headframe.Slack {
	return headframe.Slack{Turn: 6 * math.Pi / 180, Shift: 15, Focal: 0.15}
}

// Angles between which a view has its name, degrees. The camera's direction is
// given by its elevation above the ears and its azimuth from the nose.
const (
	topAbove   = 52
	crownAbove = 22
	sideFrom   = 45
	sideTo     = 135
	soft       = 12 // within this much of a border the name is in doubt
)

// View names the view by where the camera stands.
func View(cam headframe.Camera, centre headframe.Vec) survey.View {
	d := cam.Eye().Sub(centre).Unit()
	elevation := math.Asin(max(-1, min(1, d[1]))) * 180 / math.Pi
	azimuth := math.Atan2(d[0], d[2]) * 180 / math.Pi
	v := survey.View{Source: "detected"}
	side := math.Abs(azimuth)
	border := min(math.Abs(side-sideFrom), math.Abs(side-sideTo))
	switch {
	case elevation > topAbove:
		v.Name, border = survey.Top, elevation-topAbove
	case side > sideTo && elevation > crownAbove:
		v.Name, border = survey.Crown, min(border, elevation-crownAbove, topAbove-elevation)
	case side > sideTo:
		v.Name, border = survey.Back, min(border, crownAbove-elevation)
	case side < sideFrom:
		v.Name, border = survey.Front, min(border, topAbove-elevation)
	case azimuth > 0:
		v.Name = survey.Left
	default:
		v.Name = survey.Right
	}
	v.Confidence = 0.5 + 0.5*min(1, border/soft)
	return v
}

// Roll is how far the picture is turned: the angle of the head's up direction
// from the picture's, degrees, counter-clockwise. Views from above have none.
func Roll(cam headframe.Camera) float64 {
	x0, y0, _ := cam.Project(headframe.Vec{0, 0, 0})
	x1, y1, _ := cam.Project(headframe.Vec{0, 100, 0})
	return math.Atan2(-(x1-x0), -(y1-y0)) * 180 / math.Pi
}
