package vision_test

import (
	"context"
	"testing"

	"pointille/internal/bench"
	"pointille/vision"
	"pointille/vision/photo"
)

// BenchmarkSurvey12MP is one photo from the bytes of its file to the survey
// with its maps, the network loaded before.
func BenchmarkSurvey12MP(b *testing.B) {
	file := bench.Phone(b)
	s, err := vision.NewSurveyor()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	bench.Cores(b, func(b *testing.B) {
		bench.Ratio(b, "decode", func() { bench.Decode(b, file) }, func() {
			p, err := photo.Decode(ctx, "front.jpg", file, photo.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Survey(ctx, p, vision.Options{View: "front"}); err != nil {
				b.Fatal(err)
			}
		})
		b.ReportMetric(float64(len(file))/1e6, "MB")
	})
}
