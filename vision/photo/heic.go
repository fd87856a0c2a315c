package photo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"

	"github.com/gen2brain/heic"

	"pointille/internal/photofile"
)

// heic reads the properties of a HEIF file (ISO/IEC 23008-12): the size of its
// largest picture and its colours. Their assignment to single pictures is not
// read: files of phones have one photo, whose tiles share its colours.
func (h *header) heic(data []byte) bool {
	boxes(data, func(name string, meta []byte) {
		if name != "meta" || len(meta) < 4 {
			return
		}
		boxes(meta[4:], func(name string, iprp []byte) {
			if name != "iprp" {
				return
			}
			boxes(iprp, func(name string, ipco []byte) {
				if name == "ipco" {
					boxes(ipco, h.property)
				}
			})
		})
	})
	return h.width > 0 && h.height > 0
}

func (h *header) property(name string, body []byte) {
	switch {
	case name == "ispe" && len(body) >= 12:
		w, ht := int64(binary.BigEndian.Uint32(body[4:])), int64(binary.BigEndian.Uint32(body[8:]))
		// Sizes are 32 bit each; limits are checked by the caller, side by side.
		if min(w, 1<<20)*min(ht, 1<<20) > int64(h.width)*int64(h.height) {
			h.width, h.height = int(min(w, 1<<20)), int(min(ht, 1<<20))
		}
	case name == "colr" && len(body) >= 4:
		h.colour(string(body[:4]), body[4:])
	}
}

func (h *header) colour(sort string, body []byte) {
	switch {
	case (sort == "prof" || sort == "rICC") && h.icc == nil:
		h.icc = body
	case sort == "nclx" && len(body) >= 7 && h.matrix == 2:
		const displayP3, bt709, bt601, bt2020 = 12, 1, 6, 9
		h.p3 = binary.BigEndian.Uint16(body) == displayP3
		if m := int(binary.BigEndian.Uint16(body[4:])); m == bt709 || m == bt601 || m == bt2020 {
			h.matrix = m
		}
		h.videoSpan = body[6]&0x80 == 0
	}
}

// boxes calls f for each whole box.
func boxes(data []byte, f func(name string, body []byte)) {
	photofile.Boxes(data, 0, func(b photofile.Box) bool {
		f(b.Kind, data[b.Body:b.End])
		return true
	})
}

// decodeHEIC returns the upright picture: the decoder applies the file's own
// rotation and crop.
func decodeHEIC(data []byte, h *header, o Options) (img *image.NRGBA, err error) {
	defer func() {
		// The decoder is foreign machine code: damaged input may stop it.
		if r := recover(); r != nil {
			img, err = nil, fmt.Errorf("the decoder stopped: %v", r)
		}
	}()
	config, err := heic.DecodeConfig(bytes.NewReader(data))
	if err == nil {
		sized := header{width: config.Width, height: config.Height}
		if err := sized.check(o); err != nil {
			return nil, err
		}
	}
	decoded, err := heic.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if decoded == nil || decoded.Bounds().Empty() {
		return nil, errors.New("no picture in it")
	}
	if ycc, ok := decoded.(*image.YCbCr); ok {
		mendCorner(ycc.Y, ycc.YStride)
		return fromYCbCr(ycc, h), nil
	}
	if grey, ok := decoded.(*image.Gray); ok {
		mendCorner(grey.Pix, grey.Stride)
		h.grey = true
	}
	if rgb, ok := decoded.(*image.NRGBA); ok {
		mendCorner(rgb.Pix, rgb.Stride)
	}
	return onWhite(decoded), nil
}

// mendCorner replaces the first bytes of a decoded picture by those of the row
// below: the decoder (heic 0.4.9) hands out memory that it has freed, and its
// allocator's notes, 24 bytes, lie where the top left corner was.
func mendCorner(pix []uint8, stride int) {
	const notes = 32
	if n := min(notes, stride); len(pix) >= stride+n {
		copy(pix[:n], pix[stride:stride+n])
	}
}

// fromYCbCr converts by the matrix and the span that the file names. Unnamed
// ones are those of JPEG, which is what phones write.
func fromYCbCr(src *image.YCbCr, h *header) *image.NRGBA {
	// Luma weights of red and blue (ITU-T H.273, table 4).
	kr, kb := 0.299, 0.114
	switch h.matrix {
	case 1:
		kr, kb = 0.2126, 0.0722
	case 9:
		kr, kb = 0.2627, 0.0593
	}
	black, luma, chroma := 0.0, 1.0, 1.0
	if h.videoSpan {
		black, luma, chroma = 16, 255.0/219, 255.0/224
	}
	b := src.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	kg := 1 - kr - kb
	for y := range b.Dy() {
		row := out.Pix[y*out.Stride:]
		for x := range b.Dx() {
			c := src.COffset(b.Min.X+x, b.Min.Y+y)
			l := luma * (float64(src.Y[src.YOffset(b.Min.X+x, b.Min.Y+y)]) - black)
			u, v := chroma*(float64(src.Cb[c])-128), chroma*(float64(src.Cr[c])-128)
			red, blue := l+2*(1-kr)*v, l+2*(1-kb)*u
			green := (l - kr*red - kb*blue) / kg
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = level(red), level(green), level(blue), 255
		}
	}
	return out
}

func level(v float64) uint8 { return uint8(min(255, max(0, v+0.5))) }

func onWhite(src image.Image) *image.NRGBA {
	b := src.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, src, b.Min, draw.Over)
	return out
}
