package studio_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/planner/ledger"
)

// bottlesOfTheStudio has one that may be used, one that is out of date, and another
// batch of the first may come later.
const bottlesOfTheStudio = `{"schema": "pointille.ledger/1", "uses": [], "bottles": [
 {"id": "black", "brand": "Studio", "shade": "graphite", "batch": "B-77 01", "expires": "2199-05-31", "colorants": [], "label": {"statement": true, "ingredients": true, "instructions": true}},
 {"id": "old", "brand": "Studio", "shade": "graphite", "batch": "B-1", "expires": "2020-05-31", "colorants": [], "label": {"statement": true, "ingredients": true, "instructions": true}}]}`

// TestInk: what went into a client is written down on the tablet, refused where the law
// forbids it, and found by a recall in the record, also after the bottle was replaced.
func TestInk(t *testing.T) {
	dir := t.TempDir()
	s, b, _ := running(t, options(t, dir))
	a, other := b.begin("A-1"), b.begin("B-2")
	ink := func(id string) string { return "/api/clients/" + id + "/ink" }

	var choice []struct {
		ID    string
		Stops []string
	}
	bottles := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "ledger.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", "/api/clients/"+a+"/bottles", "")), &choice); err != nil {
			t.Fatal(err)
		}
	}
	if said := b.want(http.StatusOK, "GET", "/api/clients/"+a+"/bottles", ""); strings.TrimSpace(said) != "[]" {
		t.Errorf("bottles of a studio without a ledger: %s", said)
	}
	bottles(bottlesOfTheStudio)
	if len(choice) != 2 || len(choice[0].Stops) != 0 || !strings.Contains(strings.Join(choice[1].Stops, " "), "expired on 2020-05-31") {
		t.Errorf("%+v", choice)
	}

	for why, body := range map[string]string{
		"expired":                `{"session":1,"date":"2025-11-01","bottle":"old"}`,
		"no bottle is called":    `{"session":1,"date":"2025-11-01","bottle":"red"}`,
		"has not come yet":       `{"session":1,"date":"2199-01-01","bottle":"black"}`,
		"75(7)(a)":               `{"session":1,"date":"2025-11-01","brand":"Own","batch":"Z-9","expires":"2199-01-01","ingredients":true}`,
		"75(7)(b)":               `{"session":1,"date":"2025-11-01","brand":"Own","batch":" ","expires":"2199-01-01","statement":true,"ingredients":true}`,
		"brand":                  `{"session":1,"date":"2025-11-01","batch":"Z-9","expires":"2199-01-01","statement":true,"ingredients":true}`,
		"expiry is not known":    `{"session":1,"date":"2025-11-01","brand":"Own","batch":"Z-9","statement":true,"ingredients":true}`,
		"expected number <= 100": `{"session":101,"date":"2025-11-01","bottle":"black"}`,
	} {
		if status, said, _ := b.do("POST", ink(a), strings.NewReader(body)); status < 400 || status >= 500 || !strings.Contains(said, why) {
			t.Errorf("%s: %d %s", why, status, said)
		}
	}
	if _, said, _ := b.do("POST", ink(a), strings.NewReader(`{"session":1,"date":"2025-11-01","bottle":"old"}`)); !strings.Contains(said, "old: 2025-11-01 nedrīkst lietot, jo tās derīguma termiņš beidzās 2020-05-31") {
		t.Errorf("in Latvian: %s", said)
	}
	b.want(http.StatusOK, "POST", ink(a), `{"session":1,"date":"2025-11-01","bottle":"black","dilution":12,"needle_lot":"N9"}`)
	b.want(http.StatusOK, "POST", ink(other), `{"session":1,"date":"2025-11-02","brand":"Own","shade":"ash","batch":"z - 9","expires":"2199-01-01","statement":true,"ingredients":true}`)
	bottles(strings.ReplaceAll(bottlesOfTheStudio, "B-77 01", "B-7702")) // the next bottle under the old name
	b.want(http.StatusOK, "POST", ink(a), `{"session":2,"date":"2025-11-20","bottle":"black"}`)
	b.want(http.StatusOK, "POST", ink(a), `{"session":3,"date":"2025-11-21","bottle":"black"}`)
	b.want(http.StatusOK, "DELETE", ink(a)+"/2", "") // a slip
	b.want(http.StatusNotFound, "DELETE", ink(a)+"/2", "")

	var whole struct{ State struct{ Ink ledger.Ledger } }
	if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", "/api/clients/"+a, "")), &whole); err != nil || len(whole.State.Ink.Uses) != 2 || len(whole.State.Ink.Bottles) != 2 {
		t.Errorf("%+v %v", whole, err)
	}
	if err := s.CloseRecord(0); err != nil {
		t.Fatal(err)
	}
	store, err := records.Open(t.Context(), filepath.Join(dir, "record"), passphrase, records.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for batch, want := range map[string][]string{"b-7701": {"A-1 2025-11-01"}, "B-7702": {"A-1 2025-11-20"}, "Z-9": {"B-2 2025-11-02"}, "B-1": nil} {
		uses, err := job.RecallRecord(t.Context(), store, batch)
		var got []string
		for _, u := range uses {
			got = append(got, u.Case+" "+u.Date)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("batch %s: %v, %v; want %v", batch, got, err, want)
		}
	}
}
