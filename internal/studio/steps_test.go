//go:build e2e

package studio_test

import (
	"math"
	"time"
)

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
	b.settled() // a plan that comes now would take the handle from under the finger
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
