// Package desk is one consultation at work: surveys, the plan that follows the
// artist's edits, what each photo shows of both, and previews.
//
// Plans are made beside everything else. While one is made the last one stays;
// an edit that comes meanwhile gives the running plan up. Quick plans come from
// planner.Again and redo only what changed; Settle makes the one that is printed
// and signed, which is, to the byte, the plan of the command line. Pixels are
// those of the upright photo unless said to be of the screen copy.
package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"pointille/internal/civil"
	"pointille/internal/studio/record"
	"pointille/planner"
	"pointille/planner/scalp"
	"pointille/planner/screening"
	"pointille/planner/settings"
)

// Folders of a consultation.
const (
	PhotosDir = "photos" // as they came, and what CASE is for the command line
	WorkDir   = "work"   // surveys and copies for the screen: can be made again
	PlanDir   = "plan"   // documents, as the command line writes them
)

// Event tells a tablet what happened.
type Event struct {
	Kind   string `json:"kind"` // planning | plan | failed | state
	Rev    int    `json:"rev,omitempty"`
	Reason string `json:"reason,omitempty"`
	MS     int64  `json:"ms,omitempty"` // how long the plan took
	N      int    `json:"n,omitempty"`  // edits so far
}

// Options of a desk.
type Options struct {
	Dir       string // the consultation's folder
	Log       *record.Log
	Settings  settings.Settings
	Generator string
	Renderer  *Renderer
	Tell      func(Event) // may be called from several goroutines
}

// Desk is safe for concurrent use.
type Desk struct {
	o        Options
	planning sync.Mutex // one plan at a time
	mu       sync.Mutex
	rev      int
	current  *Made
	made     []*Made // the last few, newest last
	task     *task   // the plan that is being made; nil: none
	failed   string  // why the plan that was wanted last cannot be made
	closed   bool
	running  sync.WaitGroup

	decoding sync.Mutex
	screens  []*screen // decoded copies, the latest used last
}

// Made is a plan with what was asked.
type Made struct {
	Rev     int
	Settled bool
	Took    time.Duration
	*planner.Result

	order  order
	key    string
	ground string // key of what its head was found from
	pixels sync.Mutex
	masks  map[string]*sheet // by slot
	spares spares
}

// mostMade is how many plans are kept: undo and the comparison of two designs
// find theirs.
const mostMade = 6

// New opens a desk and begins to plan where there is something to plan.
func New(o Options) *Desk {
	d := &Desk{o: o}
	d.Update()
	return d
}

// Close gives up what runs and waits for it.
func (d *Desk) Close() {
	d.mu.Lock()
	d.stop()
	d.closed = true
	d.mu.Unlock()
	d.running.Wait()
}

// State is what the edits come to.
func (d *Desk) State() record.State { return d.o.Log.State() }

// Dir is the consultation's folder.
func (d *Desk) Dir() string { return d.o.Dir }

// order is everything that a plan depends on: a state with its photos as the
// command line has them.
type order struct{ record.State }

func orderOf(s record.State) order {
	s.Photos = slices.Clone(s.Photos)
	slices.SortFunc(s.Photos, func(a, b record.Photo) int { return strings.Compare(a.File, b.File) })
	return order{s}
}

func (o order) key() string {
	return keyOf([]any{o.Code, o.Seed, o.Photos, o.Corrections, o.Wishes, o.Answers})
}

// ground is the key of what the head is found from.
func (o order) ground() string {
	return keyOf([]any{o.Photos, o.Corrections, o.Wishes.Head})
}

func keyOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "" // no such value is in a state: floats were checked
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Update begins to plan what the state asks for, unless that is there already.
func (d *Desk) Update() { d.begin(orderOf(d.State()), false, nil) }

// keep numbers a plan and remembers it; the caller holds mu.
func (d *Desk) keep(m *Made) {
	d.rev++
	m.Rev = d.rev
	d.made = append(d.made, m)
	if len(d.made) > mostMade {
		d.made = slices.Delete(d.made, 0, len(d.made)-mostMade)
	}
}

// plan makes one plan: from the last one of the same head where there is one.
func (d *Desk) plan(ctx context.Context, o order, settle bool) (*Made, error) {
	photos, err := d.surveys(o)
	if err != nil {
		return nil, err
	}
	p := planner.Options{Wishes: o.Wishes, Seed: o.Seed, Generator: d.o.Generator, Screening: d.screen(o)}
	m := &Made{order: o, key: o.key(), ground: o.ground(), masks: map[string]*sheet{}, Settled: settle}
	c := planner.Case{Code: o.Code, Photos: photos}
	if was := d.same(m.ground); was != nil && !settle {
		p.Unordered = true
		m.Result, err = planner.Again(ctx, c, was.Result, p)
		return m, err
	}
	if err := d.maps(o, c.Photos); err != nil {
		return nil, err
	}
	m.Settled = true
	m.Result, err = planner.Make(ctx, c, p)
	return m, err
}

// same is the last plan of the same head.
func (d *Desk) same(ground string) *Made {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range slices.Backward(d.made) {
		if m.ground == ground {
			return m
		}
	}
	return nil
}

// screen works out what the answers allow, for the day the command line does.
func (d *Desk) screen(o order) *screening.Result {
	if o.Answers == nil {
		return nil
	}
	on, _ := civil.Parse(o.Answers.Asked)
	if first := o.Wishes.Sessions.First(); !first.IsZero() {
		on = civil.Later(on, civil.On(first))
	}
	r := screening.Screen(o.Answers, d.o.Settings.Rules(), on)
	return &r
}

// ErrNoPhotos is why there is no plan yet.
var ErrNoPhotos = errors.New("take a photo of the head first")

// surveys are those of the photos, with the artist's lengths, without maps.
func (d *Desk) surveys(o order) ([]scalp.Photo, error) {
	if len(o.Photos) == 0 {
		return nil, ErrNoPhotos
	}
	var out []scalp.Photo
	for _, p := range o.Photos {
		s, err := d.survey(p, o.Corrections)
		if err != nil {
			return nil, err
		}
		out = append(out, scalp.Photo{Survey: s})
	}
	return out, nil
}

func (d *Desk) work(name string) string { return filepath.Join(d.o.Dir, WorkDir, name) }

// Status is how the plan stands.
type Status struct {
	Rev      int    `json:"rev"` // 0: there is none
	Settled  bool   `json:"settled"`
	Planning bool   `json:"planning"`
	Failed   string `json:"failed,omitempty"`
}

// Current is the plan there is, nil for none.
func (d *Desk) Current() (*Made, Status) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := Status{Planning: d.task != nil, Failed: d.failed}
	if len(d.State().Photos) == 0 {
		s.Failed = ""
	}
	if d.current != nil {
		s.Rev, s.Settled = d.current.Rev, d.current.Settled
	}
	return d.current, s
}

// Kept is the plan of a design put aside; it is made where it is not there.
func (d *Desk) Kept(ctx context.Context, name string) (*Made, error) {
	s := d.State()
	i := slices.IndexFunc(s.Kept, func(k record.Kept) bool { return k.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("no design is kept as %s", name)
	}
	s.Wishes = s.Kept[i].Wishes
	o := orderOf(s)
	d.mu.Lock()
	m := d.find(o.key(), false)
	d.mu.Unlock()
	if m != nil {
		return m, nil
	}
	d.planning.Lock()
	defer d.planning.Unlock()
	m, err := d.plan(ctx, o, false)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	d.keep(m)
	d.mu.Unlock()
	return m, nil
}

// view is the plan's view of the photo with a hash, -1 where it has none.
func (m *Made) view(sha256 string) int {
	return slices.IndexFunc(m.Model.Views, func(v scalp.View) bool { return v.Survey.Photo.SHA256 == sha256 })
}
