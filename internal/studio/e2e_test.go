//go:build e2e

package studio_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/internal/records/export"
	"pointille/internal/studio"
	"pointille/planner/settings"
)

// demo is the shipped case.
const demo = "../../testdata/demo"

// TestConsultation is a whole consultation in real browsers with the real vision
// and planner: pair, new client, five photos, correct, drag the hairline, change
// the density, compare, sign, reload and restart in the middle, find everything.
// SHOTS names a folder for screenshots.
func TestConsultation(t *testing.T) {
	t.Run("chromium", func(t *testing.T) { consultation(t, "chromium", newChromium(t)) })
	t.Run("webkit", func(t *testing.T) { consultation(t, "webkit", newWebkit(t)) })
}

func consultation(t *testing.T, name string, e engine) {
	dir := t.TempDir()
	o := options(t, dir)
	o.Work, o.Log = "", os.Stderr // where it is in earnest
	o.Settings.Price = &settings.Price{Currency: "EUR", PerSession: 60, PerHour: 140}
	s, pin := started(t, o)
	t.Cleanup(func() { s.Close() }) // whichever it is by then: what is worked on goes with it
	server := httptest.NewServer(s)
	b := newBrowser(t, name, e, server.URL)
	b.size(1180, 820)

	b.open("/")
	b.seen(".keypad")
	b.shot("pair")
	b.keys(pin)
	b.seen("#new-client")
	b.click("#new-client")
	b.seen("#code")
	b.keys("E-5")
	b.click("#begin")
	b.seen(".questions li")
	b.click("#rest-no")
	b.truth(`document.querySelector(".outcome.go") !== null`)
	b.shot("screening")

	b.click("#next")
	b.seen("#many")
	var files []string
	for _, v := range []string{"front", "left", "right", "back", "top"} {
		path, err := filepath.Abs(filepath.Join(demo, v+".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	b.upload("#many", files)
	b.truth(`document.querySelectorAll(".slot.full:not(.working) .pill").length === 5`)
	b.shot("photos")
	t.Logf("photo accepted to its verdict shown: %s ms", b.value(`JSON.stringify(performance.getEntriesByName("photo").map(m => Math.round(m.duration)))`))

	found(b)
	id := strings.Split(fmt.Sprint(b.value(`location.hash`)), "/")[2]
	whole := func() map[string]any {
		var v map[string]any
		b.eval(`fetch("/api/clients/`+id+`").then(r => r.json())`, &v)
		return v
	}
	temple(b, func() map[string]any { return whole()["plan"].(map[string]any) })
	height := design(b, whole)

	b.reload() // in the middle
	b.settled()
	if got := whole()["plan"].(map[string]any)["height_mm"].(float64); got != height {
		t.Errorf("after a reload the hairline is %.3f mm high, was %.3f", got, height)
	}

	previews(b)
	sign(b)
	ink(b)
	latvian(b)

	// another start finds everything
	s.End() // the tablet listens
	server.Close()
	s.Close()
	var err error
	if s, _, err = studio.New(o, false); err != nil { // its record is closed
		t.Fatal(err)
	}
	again := httptest.NewServer(s)
	defer func() {
		s.End()
		again.Close()
		s.Close()
	}()
	b.url = again.URL
	b.open("/#/c/" + id + "/plan")
	unlocked(b)
	b.seen(".signature")
	b.shot("signed")
	state := whole()["state"].(map[string]any)
	if n := len(state["photos"].([]any)); n != 5 || state["signed"] == nil || state["ink"] == nil || len(state["kept"].([]any)) != 2 {
		t.Errorf("after a restart there are %d photos, signed: %v, kept: %v", n, state["signed"], state["kept"])
	}
	b.size(820, 1180)
	for _, step := range []string{"photos", "found", "design", "preview", "plan"} {
		b.open("/#/c/" + id + "/" + step)
		b.reload()
		b.settled()
		time.Sleep(2 * time.Second)
		b.shot(step + "-portrait")
		b.accessible(step)
	}
	if err := s.CloseRecord(time.Minute); err != nil { // as when nobody touched a tablet for long
		t.Fatal(err)
	}
	unlocked(b)
	b.seen(".signature")
	samePlan(t, dir, "E-5", true, "front.dots.csv", "top.dots.csv")
	closedAgain(b)
	handedOut(t, dir)
	if faults := e.thrown(); len(faults) > 0 {
		t.Errorf("the page had faults: %v", faults)
	}
}

// unlocked opens the record on the tablet, with a slip before.
func unlocked(b *browser) {
	b.seen("#passphrase")
	b.shot("record")
	b.focus("#passphrase")
	b.keys("not the passphrase\r")
	b.truth(`document.querySelector(".said").textContent !== ""`)
	b.shot("record-wrong")
	b.accessible("a wrong passphrase")
	b.focus("#passphrase")
	b.keys(passphrase + "\r")
}

// closedAgain closes the record in a language each, and leaves it closed.
func closedAgain(b *browser) {
	b.click("#menu")
	b.shot("menu-portrait")
	b.accessible("menu")
	b.click("#close-record")
	b.seen("#passphrase")
	b.shot("record-portrait")
	b.accessible("record")
	if b.value(`document.querySelector("main img, .code") === null`) != true {
		b.t.Error("something of the client is on the page while the record is closed")
	}
	b.click("#menu")
	b.click(`dialog input[value="lv"]`)
	b.seen("#passphrase")
	b.shot("record-portrait-lv")
	b.size(1180, 820)
	b.shot("record-lv")
}

// handedOut verifies the record and exports the client, as the command line does while
// the studio's record is closed.
func handedOut(t *testing.T, dir string) {
	ctx, record := t.Context(), filepath.Join(dir, "record")
	v, err := records.Verify(ctx, record, passphrase, records.VerifyOptions{})
	if err != nil || len(v.Problems) > 0 || v.Clients != 1 || v.Lines == 0 {
		t.Errorf("verified: %+v, %v", v, err)
	}
	s, err := records.Open(ctx, record, passphrase, records.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if uses, err := job.RecallRecord(ctx, s, "b-7701"); err != nil || len(uses) != 1 || uses[0].Case != "E-5" {
		t.Errorf("recalled: %+v, %v", uses, err)
	}
	out := filepath.Join(t.TempDir(), "out")
	r, err := export.Client(ctx, s, "E-5", out, export.Options{})
	if err != nil || r.Photos != 5 || len(r.LeftOut) > 0 {
		t.Errorf("exported: %+v, %v", r, err)
	}
	for _, want := range []string{
		"photos/front.jpg", "photos/left.jpg", "photos/right.jpg", "photos/back.jpg", "photos/top.jpg", "documents/front.survey.json", "documents/plan.json", "documents/dots.csv", "documents/answers.json",
		"documents/wishes.json", "documents/schedule.json", "documents/schedule.ics", "documents/consent-*.json", "documents/studio.ledger.json", "documents/journal.jsonl", "index.html",
	} {
		if found, err := filepath.Glob(filepath.Join(out, want)); err != nil || len(found) == 0 {
			t.Errorf("the export lacks %s (%v)", want, err)
		}
	}
}
