package cvx

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// ProbeResult tells whether one ability of the installed OpenCV works.
type ProbeResult struct {
	Name   string // "opencv", "jpeg", "png", "webp", "aruco" or "dnn"
	OK     bool
	Detail string // version or what was tried; the error where not OK
}

// Probe tries each ability on a tiny example, so that a build against an
// incomplete OpenCV shows before a photo meets it. It takes milliseconds.
func Probe() []ProbeResult {
	tries := []struct {
		name string
		try  func() (string, error)
	}{
		{"opencv", probeVersion},
		{"jpeg", probeJPEG},
		{"png", probePNG},
		{"webp", probeWebP},
		{"aruco", probeMarker},
		{"dnn", probeNet},
	}
	out := make([]ProbeResult, len(tries))
	for i, t := range tries {
		detail, err := t.try()
		if err != nil {
			detail = err.Error()
		}
		out[i] = ProbeResult{Name: t.name, OK: err == nil, Detail: detail}
	}
	return out
}

func probeVersion() (string, error) {
	return fmt.Sprintf("%s, %d threads", Version(), Threads()), nil
}

// probeColour fills the pictures the codecs are tried on.
func probeColour() color.NRGBA { return color.NRGBA{R: 255, G: 128, A: 255} }

func probePicture() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	draw.Draw(img, img.Rect, image.NewUniform(probeColour()), image.Point{}, draw.Src)
	return img
}

func probeJPEG() (string, error) {
	data, err := EncodeJPEG(probePicture(), 95)
	if err != nil {
		return "", err
	}
	return probeDecode(data)
}

func probePNG() (string, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, probePicture()); err != nil {
		return "", fmt.Errorf("encoding PNG: %w", err)
	}
	return probeDecode(b.Bytes())
}

// probeWebPFile is the probe picture as a lossless WebP.
const probeWebPFile = "UklGRhwAAABXRUJQVlA4TBAAAAAvB8ABAAdQwP5H/wMR0f8A"

func probeWebP() (string, error) {
	data, err := base64.StdEncoding.DecodeString(probeWebPFile)
	if err != nil {
		return "", fmt.Errorf("reading example: %w", err)
	}
	return probeDecode(data)
}

func probeDecode(data []byte) (string, error) {
	img, err := Decode(data, DecodeOptions{})
	if err != nil {
		return "", err
	}
	got, want := img.NRGBAAt(3, 3), probeColour()
	const tolerance = 4 // JPEG's rounding of chroma
	if far(got.R, want.R, tolerance) || far(got.G, want.G, tolerance) || far(got.B, want.B, tolerance) {
		return "", fmt.Errorf("decoded colour %v, want %v", got, want)
	}
	return fmt.Sprintf("decoded %d bytes", len(data)), nil
}

func far(a, b, tolerance uint8) bool { return max(a, b)-min(a, b) > tolerance }

func probeMarker() (string, error) {
	const id, cell = 7, 8
	m, err := RenderMarker(Dict4x4x50, id, cell)
	if err != nil {
		return "", err
	}
	page := image.NewGray(image.Rect(0, 0, 2*m.Rect.Dx(), 2*m.Rect.Dy()))
	draw.Draw(page, page.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(page, m.Rect.Add(image.Pt(20, 20)), m, image.Point{}, draw.Src)
	found, err := DetectMarkers(page, MarkerOptions{})
	if err != nil {
		return "", err
	}
	if len(found) != 1 || found[0].ID != id {
		return "", fmt.Errorf("found %d markers instead of marker %d", len(found), id)
	}
	return fmt.Sprintf("found marker %d", id), nil
}

// probeModel is an ONNX model of one layer, y = max(x, 0), on 2×2 values.
const probeModel = "CAdCBAoAEAs6TgoPCgF4EgF5GgFyIgRSZWx1EgFnWhsKAXgSFgoUCAESEAoCCAEKAggBCgIIAgoCCAJi" +
	"GwoBeRIWChQIARIQCgIIAQoCCAEKAggCCgIIAg=="

func probeNet() (detail string, err error) {
	model, err := base64.StdEncoding.DecodeString(probeModel)
	if err != nil {
		return "", fmt.Errorf("reading example: %w", err)
	}
	net, err := LoadNet(model)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, net.Close()) }()
	out, err := net.Forward([]float32{1, -1, 2, -3}, [4]int{1, 1, 2, 2})
	if err != nil {
		return "", err
	}
	if len(out) != 1 || len(out[0].Data) != 4 || out[0].Data[2] != 2 || out[0].Data[3] != 0 {
		return "", fmt.Errorf("net gave %v", out)
	}
	return "ran a net of one layer", nil
}
