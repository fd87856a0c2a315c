package cvx_test

import (
	"fmt"
	"image"
	"image/draw"

	"pointille/internal/cvx"
)

func ExampleDetectMarkers() {
	marker, err := cvx.RenderMarker(cvx.Dict4x4x50, 7, 20)
	if err != nil {
		fmt.Println(err)
		return
	}
	page := image.NewGray(image.Rect(0, 0, 200, 180))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(page, marker.Rect.Add(image.Pt(40, 30)), marker, image.Point{}, draw.Src)
	found, err := cvx.DetectMarkers(page, cvx.MarkerOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range found {
		fmt.Printf("marker %d from (%.1f, %.1f) to (%.1f, %.1f)\n",
			m.ID, m.Corners[0].X, m.Corners[0].Y, m.Corners[2].X, m.Corners[2].Y)
	}
	// Output: marker 7 from (39.5, 29.5) to (159.5, 149.5)
}
