package colour

import "math"

// DeltaE00 returns the CIEDE2000 difference of two colours with all weights 1
// (Sharma, Wu, Dalal 2005, whose order of steps is kept).
func DeltaE00(p, q Lab) float64 {
	c7 := math.Pow((Chroma(p)+Chroma(q))/2, 7)
	g := 0.5 * (1 - math.Sqrt(c7/(c7+pow25to7)))
	a1, a2 := (1+g)*p[1], (1+g)*q[1]
	c1, c2 := math.Hypot(a1, p[2]), math.Hypot(a2, q[2])
	h1, h2 := hue(a1, p[2]), hue(a2, q[2])

	dl, dc := q[0]-p[0], c2-c1
	dh := 2 * math.Sqrt(c1*c2) * math.Sin(hueStep(c1*c2, h1, h2)/2)
	l, c, h := (p[0]+q[0])/2, (c1+c2)/2, hueMean(c1*c2, h1, h2)

	l50 := (l - 50) * (l - 50)
	t := 1 - 0.17*math.Cos(h-rad(30)) + 0.24*math.Cos(2*h) + 0.32*math.Cos(3*h+rad(6)) - 0.20*math.Cos(4*h-rad(63))
	dl /= 1 + 0.015*l50/math.Sqrt(20+l50)
	dc /= 1 + 0.045*c
	dh /= 1 + 0.015*c*t
	return math.Sqrt(max(0, dl*dl+dc*dc+dh*dh+hueTurn(c, h)*dc*dh))
}

const pow25to7 = 6103515625.0

func rad(degrees float64) float64 { return degrees * math.Pi / 180 }

// hue returns the angle in 0..2π, 0 for grey.
func hue(a, b float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	h := math.Atan2(b, a)
	if h < 0 {
		h += 2 * math.Pi
	}
	return h
}

// hueStep returns h2-h1 the short way round, 0 where one colour is grey.
func hueStep(chroma, h1, h2 float64) float64 {
	d := h2 - h1
	switch {
	case chroma == 0:
		return 0
	case d > math.Pi:
		return d - 2*math.Pi
	case d < -math.Pi:
		return d + 2*math.Pi
	}
	return d
}

func hueMean(chroma, h1, h2 float64) float64 {
	sum := h1 + h2
	switch {
	case chroma == 0:
		return sum
	case math.Abs(h1-h2) <= math.Pi:
		return sum / 2
	case sum < 2*math.Pi:
		return sum/2 + math.Pi
	}
	return sum/2 - math.Pi
}

// hueTurn is the R_T of the formula, which ties chroma and hue in the blues.
func hueTurn(c, h float64) float64 {
	c7 := math.Pow(c, 7)
	x := (h*180/math.Pi - 275) / 25
	return -2 * math.Sqrt(c7/(c7+pow25to7)) * math.Sin(rad(60)*math.Exp(-x*x))
}
