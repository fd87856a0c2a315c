// Package typeface holds the letters of drawn pictures: the Go fonts, embedded.
//
// It has no units of its own; an error would mean a broken build.
package typeface

import (
	"fmt"

	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// Go returns the plain and the bold font.
func Go() (regular, bold *truetype.Font, err error) {
	if regular, err = truetype.Parse(goregular.TTF); err != nil {
		return nil, nil, fmt.Errorf("reading the plain font: %w", err)
	}
	if bold, err = truetype.Parse(gobold.TTF); err != nil {
		return nil, nil, fmt.Errorf("reading the bold font: %w", err)
	}
	return regular, bold, nil
}
