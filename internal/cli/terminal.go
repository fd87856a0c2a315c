package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/term"

	"pointille/internal/job"
)

// terminal is where a command speaks: a live line where a person watches,
// nothing but results otherwise, JSON lines where a machine asked for them.
type terminal struct {
	out, err io.Writer
	version  string
	json     bool
	live     bool
	mu       sync.Mutex
	shown    bool
	told     map[string]bool // errors that were said
	queue    Queue           // nil: this program has none
}

func newTerminal(out, err io.Writer, version string, asJSON bool) *terminal {
	t := &terminal{out: out, err: err, version: version, json: asJSON, told: map[string]bool{}}
	if f, ok := err.(*os.File); ok && !asJSON {
		t.live = term.IsTerminal(int(f.Fd()))
	}
	return t
}

// generator is how documents name this program.
func (t *terminal) generator() string { return "pointille " + t.version }

// message is one line of --json output.
type message struct {
	Type    string `json:"message_type"` // status | item | error | summary
	Stage   string `json:"stage,omitempty"`
	File    string `json:"file,omitempty"`
	Done    int    `json:"done,omitempty"`
	Total   int    `json:"total,omitempty"`
	Message string `json:"message,omitempty"`
	Data    any    `json:"data,omitempty"`
}

// progress shows how far the work is. It may be called concurrently.
func (t *terminal) progress(e job.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case e.Err != nil:
		t.line(t.err, message{Type: "error", Stage: e.Stage, File: e.File, Message: e.Err.Error()}, "pointille: "+e.Err.Error())
		t.told[e.Err.Error()] = true
	case t.json:
		t.line(t.err, message{Type: "status", Stage: e.Stage, File: e.File, Done: e.Done, Total: e.Total}, "")
	case t.live:
		fmt.Fprintf(t.err, "\r\x1b[K%s %d/%d  %s", e.Stage, e.Done, e.Total, e.File)
		t.shown = true
	}
}

// width is that of the window, 0 where it is not known.
func (t *terminal) width() int {
	f, ok := t.err.(*os.File)
	if !ok {
		return 0
	}
	w, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// clear removes the live line.
func (t *terminal) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
}

func (t *terminal) wipe() {
	if t.shown {
		fmt.Fprint(t.err, "\r\x1b[K")
		t.shown = false
	}
}

// say states a result: text for people, data for machines.
func (t *terminal) say(text string, data any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
	t.line(t.out, message{Type: "summary", Message: text, Data: data}, text)
}

func (t *terminal) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
	if t.told[err.Error()] && !t.json {
		return // it was about one photo and is now the end of the work
	}
	t.line(t.err, message{Type: "error", Message: err.Error()}, "pointille: "+err.Error())
}

// note tells something beside the result.
func (t *terminal) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wipe()
	t.line(t.err, message{Type: "status", Message: text}, "note: "+text)
}

// step shows how far a stage of the work is.
func (t *terminal) step(stage string) func(done, total int) {
	return func(done, total int) { t.progress(job.Event{Stage: stage, Done: done, Total: total}) }
}

// hint tells a person what to do; a program has no use for it.
func (t *terminal) hint(text string) {
	if !t.json {
		fmt.Fprintln(t.err, text)
	}
}

func (t *terminal) line(w io.Writer, m message, text string) {
	if !t.json {
		t.wipe()
		fmt.Fprintln(w, text)
		return
	}
	b, err := json.Marshal(m)
	if err != nil {
		b = []byte(`{"message_type":"error","message":"a message could not be written as JSON"}`)
	}
	fmt.Fprintf(w, "%s\n", b)
}
