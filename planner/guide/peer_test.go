package guide_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"pointille/planner/guide"
)

// Other people's readers must take our files for what they are: what we read
// back ourselves could be wrong in both directions.

// pdfcpu must find every PDF valid by the letter of its version.
func TestPDFsAreValid(t *testing.T) {
	api.DisableConfigDir() // or it writes fonts into the user's folder
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationStrict
	in := input(400, 3)
	for name, b := range map[string][]byte{
		"guide": written(t, in, guide.Options{}), "guide in Latvian": written(t, in, guide.Options{Lang: "lv", Paper: "letter", Mirror: true}),
		"tile": tileFile(t, in, 1, "pdf", guide.Options{}), "template": templateFile(t, in, "pdf", guide.Options{}),
	} {
		if err := api.Validate(bytes.NewReader(b), conf); err != nil {
			t.Errorf("%s: pdfcpu: %v", name, err)
		}
		cut := b[:len(b)/2]
		if api.Validate(bytes.NewReader(cut), conf) == nil {
			t.Errorf("%s: pdfcpu finds half a file valid: it proves nothing", name)
		}
	}
}

// reading is what ezdxf says of a drawing.
type reading struct {
	Version string
	Units   int
	Errors  []string
	Circles map[string][]struct{ X, Y, R float64 }
	Lines   map[string]int
	Words   []string
}

const readDrawing = `
import sys, json, ezdxf
doc = ezdxf.readfile(sys.argv[1])
audit = doc.audit()
circles, lines, words = {}, {}, []
for e in doc.modelspace():
    layer = e.dxf.layer
    if layer not in doc.layers: audit.errors.append("layer " + layer)
    if e.dxftype() == "CIRCLE":
        c = e.dxf.center
        circles.setdefault(layer, []).append({"X": c.x, "Y": c.y, "R": e.dxf.radius})
    if e.dxftype() == "TEXT":
        words.append(e.dxf.text)
    if e.dxftype() == "POLYLINE":
        lines[layer] = lines.get(layer, 0) + 1
print(json.dumps({"Version": doc.dxfversion, "Units": doc.header.get("$INSUNITS", 0),
    "Errors": [str(getattr(e, "message", e)) for e in audit.errors], "Circles": circles, "Lines": lines, "Words": words}))
`

// read asks Debian's python3-ezdxf, which make test installs where it can.
func read(t *testing.T, dxf []byte) reading {
	t.Helper()
	const python = "/usr/bin/python3" // Debian's own: others on the PATH do not have its packages
	if err := exec.Command(python, "-c", "import ezdxf").Run(); err != nil {
		t.Skip("no second reader for DXF here: apt-get install python3-ezdxf")
	}
	file := filepath.Join(t.TempDir(), "drawing.dxf")
	if err := os.WriteFile(file, dxf, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	c := exec.Command(python, "-c", readDrawing, file)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("ezdxf: %v\n%s", err, said.String())
	}
	var r reading
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("ezdxf: %v in %s", err, out)
	}
	return r
}

// ezdxf must find no fault in a drawing, and every dot where we put it.
func TestDrawingsInAnotherReader(t *testing.T) {
	in := small(300, 2)
	tile := tileFile(t, in, 1, "dxf", guide.Options{})
	r, own := read(t, tile), readDXF(t, tile)
	if len(r.Errors) > 0 || r.Version != "AC1009" || r.Units != 4 {
		t.Errorf("version %s, units %d (4: mm), faults %v", r.Version, r.Units, r.Errors)
	}
	for session, layer := range map[int]string{1: "SESSION_1", 2: "SESSION_2"} {
		got, want := r.Circles[layer], own.sessions[session]
		if len(got) != len(want) || len(want) == 0 {
			t.Fatalf("%s: %d circles, want %d", layer, len(got), len(want))
		}
		for i, c := range got {
			if math.Hypot(c.X-want[i].x, -c.Y-want[i].y) > 1e-6 || math.Abs(2*c.R-want[i].diameter) > 1e-6 {
				t.Fatalf("%s: circle %d is %+v, want %+v", layer, i, c, want[i])
			}
		}
	}
	r = read(t, templateFile(t, in, "dxf", guide.Options{Lang: "lv"}))
	if said := strings.Join(r.Words, "|"); !strings.Contains(said, "50 mm: izmēriet abas malas") || strings.Contains(said, `\U+`) {
		t.Errorf("the template's words are %s", said)
	}
	if len(r.Errors) > 0 || r.Units != 4 || r.Lines["CUT"] != 1 || r.Lines["HAIRLINE"] != 1 || r.Lines["SOFT_ZONE"] != 1 {
		t.Errorf("template: units %d, lines %v, faults %v", r.Units, r.Lines, r.Errors)
	}
}
