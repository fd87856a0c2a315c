package headfit

import (
	"sync"

	"pointille/internal/headframe"
	"pointille/internal/raster"
)

// known is what is reckoned once for a photo, whatever its camera. Its methods
// are safe for concurrent use.
type known struct {
	marks []mark

	mu     sync.Mutex
	widely map[int][Classes]*raster.Plane // the regions, by how widely they are blurred
	growth *raster.Plane                  // a little blurred
}

// Believing returns the photo with another belief of how its camera stands.
// Searches through both may run at the same time.
func (p *Photo) Believing(s headframe.Stance) *Photo {
	p.knowing()
	out := *p
	out.Stance = s
	return &out
}

func (p *Photo) knowing() *known {
	if p.known == nil {
		p.known = &known{marks: marksOf(headframe.Mean()), widely: map[int][Classes]*raster.Plane{}}
	}
	return p.known
}

func (k *known) blurred(p *Photo, radius int) (out [Classes]*raster.Plane) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if done, ok := k.widely[radius]; ok {
		return done
	}
	for i := range out {
		out[i] = p.Class[i].Blurred(radius).Blurred(radius)
	}
	k.widely[radius] = out
	return out
}

func (k *known) blurredGrowth(p *Photo) *raster.Plane {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.growth == nil {
		k.growth = p.Growth.Blurred(fine).Blurred(fine)
	}
	return k.growth
}
