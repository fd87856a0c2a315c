package summary

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pointille/internal/headframe"
)

// CSV writes summary.csv: one line a case, a column for each zone's density.
func CSV(w io.Writer, rows Rows) error {
	c := csv.NewWriter(w)
	head := []string{
		"case", "results", "photos", "state", "why", "photo_count", "failed_photos", "views", "pattern", "pattern_confidence", "skin", "skin_ita",
		"hair", "hair_colour", "grey", "bald_cm2", "look", "nothing_to_do", "area_cm2", "dots", "sessions", "hours", "scaled",
	}
	zones := headframe.Zones()
	for _, z := range zones {
		head = append(head, z+"_hairs_per_cm2")
	}
	if err := c.Write(append(head, "warnings")); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		if err := c.Write(cells(r, zones)); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func cells(r Row, zones []string) []string {
	planned := func(s string) string {
		if !r.Planned {
			return ""
		}
		return s
	}
	out := []string{
		plain(r.Case), plain(r.Results), plain(r.Photos), r.State, plain(r.Why), strconv.Itoa(r.Count), strconv.Itoa(len(r.Failures)),
		strings.Join(r.Views, " "), r.Pattern, "", "", optional(r.ITA), "", "", optional(r.Grey), "", r.Look, plain(r.Nothing),
		planned(number(r.AreaCM2)), planned(strconv.Itoa(r.Dots)), planned(strconv.Itoa(r.Sessions)), planned(number(r.Hours)), "",
	}
	if r.Pattern != "" {
		out[9] = number(r.Sure)
	}
	if r.Skin != nil {
		out[10] = r.Skin.SRGB
	}
	if r.Hair != nil {
		out[12], out[13] = r.Hair.Name, r.Hair.SRGB
	}
	if len(r.Views) > 0 {
		out[15], out[22] = number(r.BaldCM2), strconv.FormatBool(r.Scaled)
	}
	for _, name := range zones {
		out = append(out, density(r.Zones, name))
	}
	return append(out, plain(strings.Join(r.Warnings, " | ")))
}

func density(zones []Zone, name string) string {
	for _, z := range zones {
		if z.Name == name {
			return number(z.HairsPerCM2)
		}
	}
	return ""
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}

// plain keeps a table program from taking text that came with the photos, such
// as a folder's name, for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// FailedCSV writes failed.csv: one line for everything that failed.
func FailedCSV(w io.Writer, rows Rows, others []Failure) error {
	c := csv.NewWriter(w)
	if err := c.Write([]string{"case", "file", "step", "reason"}); err != nil {
		return err
	}
	line := func(code string, f Failure) error {
		return c.Write([]string{plain(code), plain(f.File), f.Step, plain(f.Why)})
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		for _, f := range r.Failures {
			if err := line(r.Case, f); err != nil {
				return err
			}
		}
	}
	for _, f := range others {
		if err := line("", f); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// Totals count cases by state, and their photos.
type Totals struct {
	Cases    int     `json:"cases"`
	Photos   int     `json:"photos"`
	Done     int     `json:"done"`
	Partly   int     `json:"partly"`
	Failed   int     `json:"failed"`
	Waiting  int     `json:"waiting"`
	Failures int     `json:"failures"` // photos, steps and folders
	Dots     int     `json:"dots"`
	Hours    float64 `json:"hours"`
	Warned   int     `json:"warned"` // cases with a warning
}

// Count counts rows.
func Count(rows Rows, others int) (Totals, error) {
	t := Totals{Failures: others}
	for r, err := range rows {
		if err != nil {
			return t, err
		}
		t.Cases++
		t.Photos += r.Count
		t.Failures += len(r.Failures)
		t.Dots += r.Dots
		t.Hours = round(t.Hours+r.Hours, 1)
		if len(r.Warnings) > 0 {
			t.Warned++
		}
		switch r.State {
		case Done:
			t.Done++
		case Partly:
			t.Partly++
		case Failed:
			t.Failed++
		default:
			t.Waiting++
		}
	}
	return t, nil
}

// Head is what is the same for all rows.
type Head struct {
	Generator string    `json:"generator"`
	Did       string    `json:"did"` // survey | plan | preview | guide
	Seed      uint64    `json:"seed"`
	Totals    Totals    `json:"totals"`
	Skipped   []Skip    `json:"skipped"`
	Others    []Failure `json:"failed"` // what belongs to no case
}

// Skip is what was passed over.
type Skip struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// JSON writes summary.json: the head, and the rows in "cases".
func JSON(w io.Writer, h Head, rows Rows) error {
	if h.Skipped == nil {
		h.Skipped = []Skip{}
	}
	if h.Others == nil {
		h.Others = []Failure{}
	}
	head, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return err
	}
	// The rows become the head's last member, one after the other.
	if _, err := fmt.Fprintf(w, "%s,\n \"cases\": [", strings.TrimSuffix(string(head), "\n}")); err != nil {
		return err
	}
	between := "\n  "
	for r, err := range rows {
		if err != nil {
			return err
		}
		if r.Views == nil {
			r.Views = []string{}
		}
		if r.Zones == nil {
			r.Zones = []Zone{}
		}
		if r.Warnings == nil {
			r.Warnings = []string{}
		}
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", between, line); err != nil {
			return err
		}
		between = ",\n  "
	}
	_, err = fmt.Fprint(w, "\n ]\n}\n")
	return err
}
