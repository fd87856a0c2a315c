//go:build e2e

package studio_test

import (
	"fmt"
	"math"
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

// ink writes down what was used in the first session, with a slip before.
func ink(b *browser) {
	b.click("#note-ink")
	b.seen("#ink-batch")
	for field, text := range map[string]string{"brand": "Studio black", "shade": "graphite", "batch": "B-7701", "needles": "N9"} {
		b.focus("#ink-" + field)
		b.keys(text)
	}
	b.eval(`document.querySelector("#ink-expires").value = "`+time.Now().AddDate(1, 0, 0).Format(time.DateOnly)+`"`, nil)
	b.click("#keep-ink")
	b.truth(`document.querySelector("dialog [role=alert]").textContent.includes("75(7)")`) // nobody said what is on the label
	b.click("#ink-statement")
	b.click("#ink-ingredients")
	b.shot("ink")
	b.accessible("ink")
	b.click("#keep-ink")
	b.truth(`document.querySelector("#ink li")?.textContent.includes("B-7701")`)
	b.eval(`document.querySelector("#ink").scrollIntoView({block: "center"})`, nil)
	b.shot("ink-kept")
}

// latvian looks at what is remarked in the other language, and goes back to the plan.
func latvian(b *browser) {
	speak := func(lang string) {
		b.click("#menu")
		b.click(`dialog input[value="` + lang + `"]`)
		b.settled()
	}
	speak("lv")
	b.truth(`document.documentElement.lang === "lv" && document.querySelectorAll(".check").length > 8`)
	b.truth(`!/Hairline height|Irregular edge|Client screened|lays the ground/.test(document.querySelector("main").textContent)`)
	b.shot("plan-lv")
	b.eval(`(() => { document.querySelector(".checks details").open = true; document.querySelector(".checks").scrollIntoView() })()`, nil)
	b.shot("checks-lv")
	b.click(`.steps a:nth-child(4)`)
	b.seen(".handle")
	b.settled()
	b.shot("design-lv")
	speak("en")
	b.click(`.steps a:nth-child(6)`)
	b.seen(".signature")
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

// found looks at what was found and corrects it by brush, then takes that back.
func found(b *browser) {
	b.click("#next")
	b.seen(".facts dl")
	b.settled()
	b.shot("found")
	b.click(".tools .tool:nth-child(2)") // hair here
	x, y, w, h := b.box(".stage")
	b.drag(x+w*0.45, y+h*0.2, 40, 8)
	b.truth(`document.querySelector(".stroke.hair") !== null`)
	b.truth(`!document.querySelector("#undo").disabled`)
	b.settled()
	b.shot("brush")
	b.click("#undo")
	b.truth(`document.querySelector(".stroke.hair") === null`)
	b.settled()
}

// temple moves the left temple point by itself, with the pointer and with keys, and takes
// both back.
func temple(b *browser, plan func() map[string]any) {
	uneven := func(p map[string]any) float64 {
		for _, c := range p["checks"].([]any) {
			if c := c.(map[string]any); c["id"] == "temples" {
				return c["value"].(float64)
			}
		}
		b.t.Fatal("the plan has no check of its temples")
		return 0
	}
	const handle = `[data-handle="6"]`
	b.click("#next")
	b.seen(".handle")
	b.click(`[data-slot="left"]`)
	b.settled()
	b.click(`input[value="free"]`)
	b.truth(`document.querySelector('` + handle + `').getAttribute("visibility") === "inherit"`)
	before := plan()
	x, y, w, h := b.box(handle + ` .ring`)
	b.press(x+w/2, y+h/2)
	b.moveTo(x+w/2, y+h/2, 26, -16)
	b.truth(`document.querySelector(".numbers").textContent.includes("temples")`)
	var live [2]float64
	b.eval(`(document.querySelector(".numbers").textContent.match(/(\d+) · (\d+) mm/) || []).slice(1).map(Number)`, &live)
	b.shot("temple")
	b.release()
	b.changed(before, plan)
	b.settled()
	b.shot("temple-planned")
	moved := plan()
	if told := math.Abs(live[0] - live[1]); math.Abs(told-uneven(moved)) > 1.5 || math.Abs(uneven(moved)-uneven(before)) < 1 {
		b.t.Errorf("with the left temple point moved the line is uneven by %.1f mm after %.1f; the tablet said %v", uneven(moved), uneven(before), live)
	}
	b.focus(handle)
	b.keys(string(arrowRight) + string(arrowRight))
	b.changed(moved, plan)
	b.settled()
	if again := plan(); uneven(again) == uneven(moved) {
		b.t.Error("keys do not move a temple point")
	}
	for range 2 {
		was := plan()
		b.click("#undo")
		b.changed(was, plan)
		b.settled()
	}
	if back := uneven(plan()); back != uneven(before) {
		b.t.Errorf("taken back, the line is uneven by %.3f mm, was %.3f", back, uneven(before))
	}
	b.click(`input[value="both"]`)
	b.click(`[data-slot="front"]`)
	b.settled()
}

// design drags the hairline and changes the density, keeps two designs, and returns
// how high the hairline is in the end.
func design(b *browser, whole func() map[string]any) float64 {
	plan := func() map[string]any { return whole()["plan"].(map[string]any) }
	b.truth(`document.querySelector('[data-handle="4"]').getAttribute("visibility") !== "hidden" && document.querySelector('[data-handle="4"]').hasAttribute("transform")`)
	b.shot("design")
	before := plan()
	x, y, w, h := b.box(`[data-handle="4"] .ring`)
	b.press(x+w/2, y+h/2)
	b.moveTo(x+w/2, y+h/2, 0, 22)
	b.truth(`document.querySelector(".stage.live") !== null`)
	time.Sleep(600 * time.Millisecond)
	b.shot("drag")
	b.release()
	b.changed(before, plan)
	b.truth(`document.querySelector(".stage.live") === null`)
	b.t.Logf("drag end to the studio's preview on screen: %s ms", b.value(`JSON.stringify(performance.getEntriesByName("drag").map(m => Math.round(m.duration)))`))
	dragged := plan()
	if a, z := before["height_mm"].(float64), dragged["height_mm"].(float64); z >= a-1 || dragged["source"] != "wished" {
		b.t.Errorf("dragged down, the hairline went from %.1f to %.1f mm (%v)", a, z, dragged["source"])
	}
	b.shot("dragged")
	b.click("#keep-a")

	b.focus("#density")
	for range 4 {
		b.keys(string(arrowRight))
	}
	b.changed(dragged, plan)
	b.settled()
	denser := plan()
	if denser["dots"].(float64) <= dragged["dots"].(float64) {
		b.t.Errorf("denser, the plan has %v dots after %v", denser["dots"], dragged["dots"])
	}
	b.click("#keep-b")
	b.click("#undo")
	b.settled()
	return plan()["height_mm"].(float64)
}

func previews(b *browser) {
	b.click("#next")
	b.seen(".divider")
	b.settled()
	b.click(`[data-slot="top"]`)
	for _, stage := range []string{"fresh", "5y", "healed"} {
		b.click(`.stages input[value="` + stage + `"]`)
		b.truth(`document.querySelector(".stage.drawing, .stage.waiting") === null`)
		b.shot("preview-" + stage)
	}
	b.click(`.modes input[value="designs"]`)
	b.truth(`document.querySelectorAll(".pair .stage").length === 2 && !document.querySelector(".stage.drawing")`)
	b.shot("designs")
	b.click(`.modes input[value="views"]`)
	b.truth(`(async () => { const all = [...document.querySelectorAll("figure img")]; await Promise.all(all.map(i => i.decode())); return all.length === 5 })()`)
	b.shot("views")
	b.click(`.modes input[value="head"]`)
	b.truth(`!document.querySelector(".stage.drawing")`)
	time.Sleep(time.Second)
	b.shot("head")
	b.click(`.modes input[value="slider"]`)
	b.seen(".divider")
}

func sign(b *browser) {
	b.click("#next")
	b.seen("#signer")
	b.shot("plan")
	b.eval(`document.querySelector("#first-day").value = "`+time.Now().AddDate(0, 0, 10).Format(time.DateOnly)+`"`, nil)
	b.click(`form button[type="submit"]`)
	b.seen(".events li")
	for _, p := range []string{"treat-yes", "keep-yes", "show-no"} {
		b.click(`[data-purpose="` + p + `"] input`)
	}
	b.focus("#signer")
	b.keys("Eva Example")
	b.eval(`document.querySelector("#pad").scrollIntoView({block: "center"})`, nil)
	x, y, _, h := b.box("#pad")
	b.drag(x+40, y+h/2, 60, -50)
	b.drag(x+100, y+h/2-50, 20, 70)
	b.drag(x+120, y+h/2+20, 120, -40)
	b.shot("signing")
	b.click("#sign")
	b.seen(".signature")
}
