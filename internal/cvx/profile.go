//go:build matprofile

package cvx

import "gocv.io/x/gocv"

// OpenMats returns how many Mats are open. It is there for leak tests, with the
// build tag matprofile alone.
func OpenMats() int { return gocv.MatProfile.Count() }
