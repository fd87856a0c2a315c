// Package colour converts between the colours of pictures and the colours of
// measurement: sRGB, linear light, CIE XYZ and CIELAB, with the CIEDE2000
// difference and the skin angle ITA.
//
// Linear values run from 0 to 1 per channel in the sRGB primaries; XYZ has
// Y = 1 for white; CIELAB is relative to D65 (2° observer) with L* 0..100.
// Nothing here fails: values out of range are clamped only where a picture
// needs bytes.
package colour

import "math"

// Lab is a CIELAB D65 colour: L*, a*, b*.
type Lab = [3]float64

// RGB is a colour in linear light, sRGB primaries, 1 is full scale.
type RGB = [3]float64

// XYZ is a CIE 1931 colour, Y = 1 for white.
type XYZ = [3]float64

// White returns the D65 white point (IEC 61966-2-1, 2° observer).
func White() XYZ { return XYZ{0.95047, 1, 1.08883} }

// Decode returns the linear light of an sRGB value v in 0..1 (IEC 61966-2-1).
func Decode(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// Encode is the inverse of Decode.
func Encode(l float64) float64 {
	if l <= 0.0031308 {
		return l * 12.92
	}
	return 1.055*math.Pow(l, 1/2.4) - 0.055
}

// FromBytes returns the linear light of an 8-bit sRGB pixel.
func FromBytes(r, g, b uint8) RGB {
	return RGB{Decode(float64(r) / 255), Decode(float64(g) / 255), Decode(float64(b) / 255)}
}

// Bytes returns the 8-bit sRGB pixel of c, clamped to what a picture can show.
func Bytes(c RGB) (r, g, b uint8) {
	return toByte(c[0]), toByte(c[1]), toByte(c[2])
}

func toByte(l float64) uint8 {
	v := Encode(min(1, max(0, l)))
	return uint8(v*255 + 0.5)
}

// ToXYZ converts linear light to XYZ (sRGB matrix, IEC 61966-2-1).
func ToXYZ(c RGB) XYZ {
	return XYZ{
		0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2],
		Luminance(c),
		0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2],
	}
}

// Luminance is Y of linear light, 0..1.
func Luminance(c RGB) float64 { return 0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2] }

// FromXYZ converts XYZ to linear light; colours outside sRGB get negative
// channels.
func FromXYZ(c XYZ) RGB {
	return RGB{
		3.2404542*c[0] - 1.5371385*c[1] - 0.4985314*c[2],
		-0.9692660*c[0] + 1.8760108*c[1] + 0.0415560*c[2],
		0.0556434*c[0] - 0.2040259*c[1] + 1.0572252*c[2],
	}
}

// XYZToLab converts XYZ to CIELAB (CIE 15:2004).
func XYZToLab(c XYZ) Lab {
	w := White()
	fx, fy, fz := labF(c[0]/w[0]), labF(c[1]/w[1]), labF(c[2]/w[2])
	return Lab{116*fy - 16, 500 * (fx - fy), 200 * (fy - fz)}
}

// LabToXYZ is the inverse of XYZToLab.
func LabToXYZ(c Lab) XYZ {
	w := White()
	fy := (c[0] + 16) / 116
	return XYZ{w[0] * labInverse(fy+c[1]/500), w[1] * labInverse(fy), w[2] * labInverse(fy-c[2]/200)}
}

// ToLab converts linear light to CIELAB.
func ToLab(c RGB) Lab { return XYZToLab(ToXYZ(c)) }

// FromLab converts CIELAB to linear light; colours outside sRGB get channels
// below 0 or above 1.
func FromLab(c Lab) RGB { return FromXYZ(LabToXYZ(c)) }

// labKnee is (6/29)³, where CIELAB turns from a cube root into a line.
const labKnee = 216.0 / 24389

func labF(t float64) float64 {
	if t > labKnee {
		return math.Cbrt(t)
	}
	return (24389.0/27*t + 16) / 116
}

func labInverse(f float64) float64 {
	if t := f * f * f; t > labKnee {
		return t
	}
	return (116*f - 16) * 27 / 24389
}

// ITA returns the individual typology angle of a skin colour in degrees:
// atan((L*-50)/b*) (Chardon 1991). Above 55 is very light skin, below -30
// dark. A colour without yellow (b* <= 0) counts as ±90.
func ITA(skin Lab) float64 {
	return math.Atan2(skin[0]-50, max(skin[2], 0)) * 180 / math.Pi
}

// Chroma returns C*, the distance of c from grey.
func Chroma(c Lab) float64 { return math.Hypot(c[1], c[2]) }

// Finite reports whether every component is a number.
func Finite(c [3]float64) bool {
	for _, v := range c {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
