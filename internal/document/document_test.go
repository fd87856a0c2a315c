package document_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pointille/internal/document"
)

// note is a small document with every sort of member.
type note struct {
	Schema string             `json:"schema"`
	Name   string             `json:"name"`
	Size   float64            `json:"size"`
	Fine   float64            `json:"fine" digits:"10"`
	Count  int                `json:"count"`
	Yes    bool               `json:"yes"`
	Place  [2]float64         `json:"place"`
	List   []float64          `json:"list"`
	Maybe  []float64          `json:"maybe,omitempty"`
	Sub    *sub               `json:"sub,omitempty"`
	Subs   []sub              `json:"subs"`
	By     map[string]float64 `json:"by,omitempty"`
}

type sub struct {
	Value float64 `json:"value"`
}

func (n *note) Validate() error {
	var c document.Check
	c.NotNegative("size", n.Size)
	return c.Err()
}

// notes are at version 2; version 1 called the size breadth, and version 0 is lost.
func notes() document.Kind {
	return document.Kind{Name: "note", Schema: "pointille.note", Version: 2, Migrations: map[int]func(document.Tree) error{
		1: func(t document.Tree) error {
			v, ok := t["breadth"]
			if !ok {
				return &document.Error{Path: "breadth", Cause: "missing"}
			}
			t["size"] = v
			return nil
		},
	}}
}

func ExampleKind_Decode() {
	var n note
	err := notes().Decode(strings.NewReader(`{"schema": "pointille.note/1", "breadth": 3, "sise": 4}`), &n)
	fmt.Println(n.Schema, n.Size, err)
	err = notes().Decode(strings.NewReader(`{"schema": "pointille.note/2", "subs": [{"value": 1}, {"value": "x"}]}`), &n)
	fmt.Println(err)
	// Output:
	// pointille.note/2 3 <nil>
	// subs[1].value: a text where a number is expected
}

func TestDecodeRefuses(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, "empty"},
		{"  \n", "empty"},
		{"\xef\xbb\xbf", "empty"},
		{`[]`, "a list where an object {...} is expected"},
		{`3`, "the number 3 where an object"},
		{"{\n\"a\": 1,\n}", "no valid JSON in line 3"},
		{`{} {}`, "no valid JSON in line 1"},
		{`{"schema": "pointille.note/2", "name": "a", "name": "b"}`, "name: stands twice"},
		{strings.Repeat(`{"a":`, 30) + "1" + strings.Repeat("}", 30), "nested too deeply"},
		{`{}`, "schema: missing"},
		{`{"schema": 2}`, "schema: missing"},
		{`{"schema": "pointille.plan/1"}`, `this is a "pointille.plan/1"`},
		{`{"schema": "pointille.note"}`, "names no version"},
		{`{"schema": "pointille.note/x"}`, "names no version"},
		{`{"schema": "pointille.note/-1"}`, "names no version"},
		{`{"schema": "pointille.note/3"}`, "newer Pointille"},
		{`{"schema": "pointille.note/0"}`, "pointille.note/0 is too old"},
		{`{"schema": "pointille.note/1"}`, "breadth: missing"},
		{`{"schema": "pointille.note/2", "size": -1}`, "size: -1; it must not be negative"},
		{`{"schema": "pointille.note/2", "size": null}`, "size: null where a number"},
		{`{"schema": "pointille.note/2", "size": 1e999}`, "size: 1e999 is too large"},
		{`{"schema": "pointille.note/2", "count": 1.5}`, "count: 1.5 where a whole number"},
		{`{"schema": "pointille.note/2", "yes": "true"}`, "yes: a text where true or false"},
		{`{"schema": "pointille.note/2", "name": 5}`, "name: the number 5 where a text"},
		{`{"schema": "pointille.note/2", "place": [1, 2, 3]}`, "place: 3 values where 2"},
		{`{"schema": "pointille.note/2", "list": {}}`, "list: an object where a list"},
		{`{"schema": "pointille.note/2", "sub": 1}`, "sub: the number 1 where an object"},
		{`{"schema": "pointille.note/2", "by": {"left": "x"}}`, "by.left: a text"},
	}
	for _, tt := range tests {
		var n note
		if err := notes().Decode(strings.NewReader(tt.text), &n); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.60q: error %v, want %q in it", tt.text, err, tt.want)
		}
	}
}

func TestFillStrictly(t *testing.T) {
	tree, err := document.Parse(strings.NewReader(`{"sizes": 3}`))
	check(t, err)
	var n note
	check(t, document.Fill(tree, &n, document.Tolerant))
	if err := document.Fill(tree, &n, document.Strict); err == nil || !strings.Contains(err.Error(), `did you mean "size"?`) {
		t.Errorf("error %v", err)
	}
}

// TestRoundTrip wants what is written to be read as the same to six digits,
// and written again to the same bytes.
func TestRoundTrip(t *testing.T) {
	number := rapid.Float64Range(-1e6, 1e6)
	rapid.Check(t, func(t *rapid.T) {
		n := note{
			Schema: "pointille.note/2", Name: rapid.String().Draw(t, "name"), Size: math.Abs(number.Draw(t, "size")),
			Fine: number.Draw(t, "fine"), Count: rapid.Int().Draw(t, "count"), Yes: rapid.Bool().Draw(t, "yes"),
			Place: [2]float64{number.Draw(t, "x"), number.Draw(t, "y")}, List: rapid.SliceOf(number).Draw(t, "list"),
			By: rapid.MapOf(rapid.StringMatching("[a-z]{1,5}"), number).Draw(t, "by"),
		}
		for _, v := range rapid.SliceOfN(number, 0, 3).Draw(t, "subs") {
			n.Subs = append(n.Subs, sub{v})
		}
		data, err := document.Marshal(&n)
		if err != nil {
			t.Fatal(err)
		}
		var back note
		if err := notes().Decode(strings.NewReader(string(data)), &back); err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		again, err := document.Marshal(&back)
		if err != nil || string(again) != string(data) {
			t.Errorf("error %v, written again:\n%s\nfirst:\n%s", err, again, data)
		}
		near := func(got, want, digits float64) bool {
			return math.Abs(got-want) <= math.Abs(want)*math.Pow(10, 1-digits)
		}
		if !near(back.Size, n.Size, 6) || !near(back.Fine, n.Fine, 10) || back.Count != n.Count || len(back.List) != len(n.List) {
			t.Errorf("%+v came back as %+v", n, back)
		}
	})
}

func TestMarshalShape(t *testing.T) {
	n := note{Schema: "pointille.note/2", Size: 1.23456789, Fine: 1.23456789, Place: [2]float64{math.Copysign(0, -1), 2}, Subs: []sub{{1}}}
	before := fmt.Sprintf("%+v", n)
	data, err := document.Marshal(&n)
	check(t, err)
	for _, want := range []string{`"size": 1.23457,`, `"fine": 1.23456789,`, `"place": [0,2],`, `"list": [],`, "\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in\n%s", want, data)
		}
	}
	if strings.Contains(string(data), "maybe") || strings.Contains(string(data), "null") || !strings.HasSuffix(string(data), "}\n") {
		t.Errorf("shape of\n%s", data)
	}
	if after := fmt.Sprintf("%+v", n); after != before {
		t.Errorf("the document was changed from %s to %s", before, after)
	}
}

func TestNotFinite(t *testing.T) {
	tests := []struct {
		n    note
		want string
	}{
		{note{Size: math.NaN()}, "size: not"},
		{note{Place: [2]float64{0, math.Inf(1)}}, "place[1]: not"},
		{note{List: []float64{1, math.NaN()}}, "list[1]: not"},
		{note{Sub: &sub{math.Inf(-1)}}, "sub.value: not"},
		{note{Subs: []sub{{1}, {math.NaN()}}}, "subs[1].value: not"},
		{note{By: map[string]float64{"left": math.NaN()}}, "by.left: not"},
	}
	for _, tt := range tests {
		if _, err := document.Marshal(&tt.n); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("error %v, want %q", err, tt.want)
		}
	}
}

func TestRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, n := rapid.Float64().Draw(t, "x"), rapid.IntRange(1, 17).Draw(t, "digits")
		got := document.Round(x, n)
		want, err := strconv.ParseFloat(fmt.Sprintf("%.*e", n-1, x), 64)
		if err != nil {
			return // rounded up beyond the largest number
		}
		if got != want || math.Signbit(got) && got == 0 {
			t.Errorf("%g to %d digits is %g, want %g", x, n, got, want)
		}
	})
}

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	n := note{Schema: "pointille.note/2", Size: 2}
	check(t, notes().Write(context.Background(), path, &n))
	var back note
	check(t, notes().Read(path, &back))
	if back.Size != 2 {
		t.Errorf("read %+v", back)
	}
	n.Size = -2
	if err := notes().Write(context.Background(), path, &n); err == nil || !strings.Contains(err.Error(), "size") {
		t.Errorf("an impossible note: error %v", err)
	}
	check(t, notes().Read(path, &back)) // the old one is still there
	check(t, os.WriteFile(path, []byte("{"), 0o600))
	if err := notes().Read(path, &back); err == nil || !strings.HasPrefix(err.Error(), path) {
		t.Errorf("error %v does not name the file", err)
	}
	if err := notes().Read(path+"x", &back); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: error %v", err)
	}
}

// TestChecks tries every rule around its limits.
func TestChecks(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	sum := strings.Repeat("0a", 32)
	tests := []struct {
		name string
		do   func(*document.Check)
		ok   bool
	}{
		{"within", func(c *document.Check) { c.Within("a", 1, 1, 2, "mm"); c.Within("a", 2, 1, 2, "mm") }, true},
		{"below", func(c *document.Check) { c.Within("a", 0.99, 1, 2, "mm") }, false},
		{"NaN within", func(c *document.Check) { c.Within("a", nan, 1, 2, "") }, false},
		{"shares", func(c *document.Check) { c.Share("a", 0); c.Share("a", 1) }, true},
		{"share", func(c *document.Check) { c.Share("a", 1.01) }, false},
		{"positive", func(c *document.Check) { c.Positive("a", 1e-300) }, true},
		{"zero", func(c *document.Check) { c.Positive("a", 0) }, false},
		{"endless", func(c *document.Check) { c.Positive("a", inf) }, false},
		{"not negative", func(c *document.Check) { c.NotNegative("a", 0) }, true},
		{"NaN not negative", func(c *document.Check) { c.NotNegative("a", nan) }, false},
		{"endless not negative", func(c *document.Check) { c.NotNegative("a", inf) }, false},
		{"word", func(c *document.Check) { c.OneOf("a", "soft", "hard", "soft") }, true},
		{"no word", func(c *document.Check) { c.OneOf("a", "", "hard", "soft") }, false},
		{"colour", func(c *document.Check) { c.Lab("a", [3]float64{100, -128, 128}) }, true},
		{"no colour", func(c *document.Check) { c.Lab("a", [3]float64{50, 0, 129}) }, false},
		{"file", func(c *document.Check) { c.FileName("a", "front.jpg") }, true},
		{"file elsewhere", func(c *document.Check) { c.FileName("a", "../front.jpg") }, false},
		{"file by backslash", func(c *document.Check) { c.FileName("a", `..\front.jpg`) }, false},
		{"folder", func(c *document.Check) { c.FileName("a", "..") }, false},
		{"sum", func(c *document.Check) { c.SHA256("a", sum) }, true},
		{"upper-case sum", func(c *document.Check) { c.SHA256("a", strings.ToUpper(sum)) }, false},
		{"short sum", func(c *document.Check) { c.SHA256("a", sum[1:]) }, false},
		{"size", func(c *document.Check) { c.Size("a", 1); c.Size("a", 1<<20) }, true},
		{"no size", func(c *document.Check) { c.Size("a", 0) }, false},
		{"points", func(c *document.Check) { c.Points("a", [][2]float64{{-20, 40}}, 1, 10, 20) }, true},
		{"too few points", func(c *document.Check) { c.Points("a", nil, 1, 10, 20) }, false},
		{"far point", func(c *document.Check) { c.Points("a", [][2]float64{{0, 0}, {20.1, 0}}, 1, 10, 20) }, false},
		{"NaN point", func(c *document.Check) { c.Points("a", [][2]float64{{0, nan}}, 1, 10, 20) }, false},
	}
	for _, tt := range tests {
		var c document.Check
		tt.do(&c)
		err := c.Err()
		if (err == nil) != tt.ok {
			t.Errorf("%s: error %v", tt.name, err)
		}
		if e := (*document.Error)(nil); err != nil && (!errors.As(err, &e) || !strings.HasPrefix(e.Path, "a")) {
			t.Errorf("%s: error %v names no member", tt.name, err)
		}
	}
	var c document.Check
	c.Failf("first", "wrong")
	c.Failf("second", "wrong")
	if c.Err().Error() != "first: wrong" {
		t.Errorf("two faults: %v", c.Err())
	}
}

func TestNearest(t *testing.T) {
	words := []string{"hairline", "density", "look", "sex", "age"}
	for in, want := range map[string]string{
		"hairlin": "hairline", "HAIRLINE": "hairline", "densty": "density", "line": "hairline", "lok": "look", "sx": "sex",
		"temperature": "", "": "", strings.Repeat("hairline", 20): "",
	} {
		if got := document.Nearest(in, words); got != want {
			t.Errorf("%.20q is near %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.SampledFrom(words).Draw(t, "word")
		if got := document.Nearest(w, words); got != w || !slices.Contains(words, got) {
			t.Errorf("%q is near %q", w, got)
		}
	})
}

// FuzzDecode wants any bytes read or refused, and what is read written and
// read again as the same.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "{}", `{"schema": "pointille.note/2"}`, `{"schema": "pointille.note/1", "breadth": 3, "list": [1,2.50,-0]}`,
		`{"schema": "pointille.note/2", "subs": [{"value": 1e-320}], "by": {"a": 1}, "place": [1, 2], "count": 3.0}`, "\xef\xbb\xbf{\"a\":[[[]]]}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var n, back note
		if notes().Decode(strings.NewReader(string(data)), &n) != nil {
			return
		}
		first, err := document.Marshal(&n)
		if err != nil {
			t.Fatal(err)
		}
		if err := notes().Decode(strings.NewReader(string(first)), &back); err != nil {
			t.Fatalf("%v in\n%s", err, first)
		}
		second, err := document.Marshal(&back)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(first), string(second)); diff != "" {
			t.Error(diff)
		}
	})
}
