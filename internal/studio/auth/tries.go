package auth

import (
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"pointille/internal/atomicfile"
)

// kept is the file.
type kept struct {
	Salt     string    `json:"salt"`
	PIN      string    `json:"pin"` // hash
	Sessions []Session `json:"sessions"`
}

// Open reads PIN and sessions; without a file there are none.
func Open(o Options) (*Gate, error) {
	g := &Gate{o: o.withDefaults(), attempts: map[string]attempt{}}
	data, err := os.ReadFile(o.File)
	if errors.Is(err, fs.ErrNotExist) {
		return g, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading who may enter: %w", err)
	}
	if err := json.Unmarshal(data, &g.kept); err != nil {
		return nil, fmt.Errorf("%s: %w; delete it to pair anew", o.File, err)
	}
	return g, nil
}

// save writes the file. The first time it is made for its owner only, and stays so.
func (g *Gate) save() error {
	data, err := json.MarshalIndent(g.kept, "", " ")
	if err != nil {
		return fmt.Errorf("keeping who may enter: %w", err)
	}
	f, err := os.OpenFile(g.o.File, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keeping who may enter: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("keeping who may enter: %w", err)
	}
	return atomicfile.WriteBytes(g.o.File, data)
}

// attempt are the wrong PINs of one address.
type attempt struct {
	wrong int
	until time.Time // before which no PIN is looked at
}

// Wrong PINs that cost nothing, of one address and of all together, and the
// first wait; each further one doubles it, up to an hour.
const (
	freeTries    = 4
	freeTriesAll = 20
	firstWait    = 5 * time.Second
	longestWait  = time.Hour
	everybody    = "" // the key of all together
)

// check looks at a PIN.
func (g *Gate) check(pin, from string) error {
	g.hashing.Lock()
	defer g.hashing.Unlock()
	g.mu.Lock()
	now := g.o.Now()
	wait := max(g.attempts[from].until.Sub(now), g.attempts[everybody].until.Sub(now))
	salt, saltErr := hex.DecodeString(g.kept.Salt)
	want, pinErr := hex.DecodeString(g.kept.PIN)
	g.mu.Unlock()
	if wait > 0 {
		return TooOften{wait}
	}
	if saltErr != nil || pinErr != nil || len(want) == 0 {
		return errors.New("there is no PIN yet: start the studio with --new-pin")
	}
	right := len(pin) == pinDigits && subtle.ConstantTimeCompare(g.hashOf(pin, salt), want) == 1
	g.mu.Lock()
	defer g.mu.Unlock()
	if right {
		delete(g.attempts, from)
		return nil
	}
	g.wrong(from, freeTries, now)
	g.wrong(everybody, freeTriesAll, now)
	return ErrWrongPIN
}

// mostAddresses are remembered; beyond, all together still count.
const mostAddresses = 1000

func (g *Gate) wrong(from string, free int, now time.Time) {
	a, known := g.attempts[from]
	if !known && len(g.attempts) >= mostAddresses {
		return
	}
	a.wrong++
	if over := a.wrong - free; over >= 0 {
		a.until = now.Add(min(longestWait, firstWait<<min(over, 12)))
	}
	g.attempts[from] = a
}
