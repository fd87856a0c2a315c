// Package doctor examines the machine: what is installed, what is missing,
// and what works. It changes nothing but a file in the temporary folder, which
// it removes.
package doctor

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"text/tabwriter"

	"pointille/internal/cvx"
	"pointille/vision/net"
)

// Finding is one thing that was examined.
type Finding struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Needed  bool   `json:"needed"` // the main job cannot do without it
	Detail  string `json:"detail"`
	Cure    string `json:"cure,omitempty"`
	UsedFor string `json:"used_for,omitempty"`
}

// Report is all findings, in a fixed order.
type Report struct {
	Findings []Finding `json:"findings"`
}

// Examine tries everything. It takes well under a second.
func Examine() Report {
	var r Report
	for _, p := range cvx.Probe() {
		r.add(Finding{Name: "OpenCV: " + p.Name, OK: p.OK, Needed: true, Detail: p.Detail, Cure: "install libopencv-dev and libopencv-contrib-dev, then build again"})
	}
	r.add(network())
	r.add(temporary())
	r.add(Finding{Name: "processors", OK: true, Detail: fmt.Sprintf("%d, Go %s, %s/%s", runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)})
	r.add(tool("pdftoppm", "looking at guides as pictures; tests", "install poppler-utils"))
	return r
}

func (r *Report) add(f Finding) {
	if f.OK {
		f.Cure = ""
	}
	r.Findings = append(r.Findings, f)
}

func network() Finding {
	f := Finding{Name: "head network", Needed: true, Cure: "build the program again from a whole checkout"}
	n, err := net.Load()
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	defer n.Close()
	f.OK, f.Detail = true, "weights load"
	return f
}

func temporary() Finding {
	f := Finding{Name: "temporary folder", Needed: true, Detail: os.TempDir(), Cure: "free some space, or set TMPDIR to a folder that can be written"}
	file, err := os.CreateTemp("", "pointille-doctor-")
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if _, err := file.Write(make([]byte, 1<<20)); err != nil {
		f.Detail = err.Error()
		return f
	}
	f.OK = true
	return f
}

func tool(name, use, cure string) Finding {
	path, err := exec.LookPath(name)
	if err != nil {
		return Finding{Name: name, Detail: "not installed", UsedFor: use, Cure: cure}
	}
	return Finding{Name: name, OK: true, Detail: path, UsedFor: use}
}

// Err is nil when everything the main job needs works.
func (r Report) Err() error {
	var missing []string
	for _, f := range r.Findings {
		if f.Needed && !f.OK {
			missing = append(missing, f.Name)
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf("not ready for the main job: %s", strings.Join(missing, ", "))
}

// Text is the report as a table.
func (r Report) Text() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, f := range r.Findings {
		state := "works"
		switch {
		case !f.OK && f.Needed:
			state = "MISSING"
		case !f.OK:
			state = "absent"
		}
		detail := f.Detail
		if f.Cure != "" {
			detail += "; " + f.Cure
		}
		if f.UsedFor != "" {
			detail += " (for " + f.UsedFor + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", state, f.Name, detail)
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}
