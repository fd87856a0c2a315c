package doctor_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pointille/internal/doctor"
)

func ExampleReport_Text() {
	r := doctor.Report{Findings: []doctor.Finding{
		{Name: "head network", OK: true, Needed: true, Detail: "weights load"},
		{Name: "temporary folder", Needed: true, Detail: "/tmp is full", Cure: "free some space"},
		{Name: "pdftoppm", Detail: "not installed", Cure: "install poppler-utils", UsedFor: "tests"},
	}}
	fmt.Println(r.Text())
	fmt.Println(r.Err())
	// Output:
	// works    head network      weights load
	// MISSING  temporary folder  /tmp is full; free some space
	// absent   pdftoppm          not installed; install poppler-utils (for tests)
	// not ready for the main job: temporary folder
}

func TestExamineHere(t *testing.T) {
	r := doctor.Examine()
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	names := map[string]bool{}
	for _, f := range r.Findings {
		if f.Name == "" || f.Detail == "" || names[f.Name] {
			t.Errorf("finding %+v", f)
		}
		if f.OK == (f.Cure != "") {
			t.Errorf("%s: a cure belongs to what is missing, and only there: %q", f.Name, f.Cure)
		}
		names[f.Name] = true
	}
	for _, want := range []string{"OpenCV: jpeg", "OpenCV: aruco", "head network", "temporary folder"} {
		if !names[want] {
			t.Errorf("%s was not examined", want)
		}
	}
}

func TestMissingThings(t *testing.T) {
	t.Setenv("TMPDIR", "/nowhere/at/all")
	t.Setenv("PATH", "")
	r := doctor.Examine()
	if err := r.Err(); err == nil || !strings.Contains(err.Error(), "temporary folder") || strings.Contains(err.Error(), "pdftoppm") {
		t.Errorf("error is %v", err)
	}
	for _, want := range []string{"MISSING  temporary folder", "set TMPDIR", "absent   pdftoppm"} {
		if !strings.Contains(r.Text(), want) {
			t.Errorf("the text lacks %q:\n%s", want, r.Text())
		}
	}
}

func TestJSON(t *testing.T) {
	b, err := json.Marshal(doctor.Report{Findings: []doctor.Finding{{Name: "a", OK: true, Detail: "b"}}})
	if want := `{"findings":[{"name":"a","ok":true,"needed":false,"detail":"b"}]}`; err != nil || string(b) != want {
		t.Errorf("%s, error %v", b, err)
	}
}
