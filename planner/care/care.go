// Package care writes what a client does before and after sessions, as sheets
// with the real days of this client where they are known.
//
// The rules are those of planner/treatment or the studio's own; a sheet is
// sections of sentences in one language, to be printed or sent as text. There
// are no errors: a sheet without days says them relative to the session.
package care

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"pointille/internal/civil"
	"pointille/planner/treatment"
)

// Client is whom the sheets are for.
type Client struct {
	Days    []civil.Date     // of the sessions; nil: not known
	Before  []treatment.Care // nil: treatment.Before
	After   []treatment.Care // nil: treatment.After
	Contact string           // how the studio is reached; may be empty
}

// Sheet is a page.
type Sheet struct {
	Title    string
	Sections []Section
	Foot     string
}

// Section is a head and its sentences.
type Section struct {
	Head  string
	Lines []string
}

// BeforeSheet is what to do before the sessions.
func (c Client) BeforeSheet(lang string) Sheet {
	w := words(lang)
	rules := c.Before
	if rules == nil {
		rules = treatment.Before()
	}
	s := Sheet{Title: w.before, Foot: c.foot(w)}
	if len(c.Days) == 0 {
		s.Sections = []Section{{w.everySession, each(rules, func(r treatment.Care) string { return w.ahead(r) + ": " + r.Text.In(lang) })}}
		return s
	}
	for i, d := range c.Days {
		s.Sections = append(s.Sections, Section{
			fmt.Sprintf(w.session, i+1, w.day(d)),
			each(rules, func(r treatment.Care) string { return w.between(d, r) + ": " + r.Text.In(lang) }),
		})
	}
	return s
}

// AfterSheet is what to do after the sessions: what follows each of them, and
// what holds from the first until the skin has healed after the last.
func (c Client) AfterSheet(lang string) Sheet {
	w := words(lang)
	rules := c.After
	if rules == nil {
		rules = treatment.After()
	}
	var single, whole []treatment.Care
	for _, r := range rules {
		if r.To == treatment.Healed {
			whole = append(whole, r)
		} else {
			single = append(single, r)
		}
	}
	text := func(r treatment.Care) string { return r.Text.In(lang) }
	s := Sheet{Title: w.after, Foot: c.foot(w)}
	if len(c.Days) == 0 {
		s.Sections = []Section{
			{w.everySession, each(single, func(r treatment.Care) string { return w.relative(r) + ": " + r.Text.In(lang) })},
			{w.untilHealed, each(whole, text)},
		}
	} else {
		s.Sections = []Section{{fmt.Sprintf(w.fromTo, w.day(c.Days[0]), w.day(Healed(c.Days))), each(whole, text)}}
		for i, d := range c.Days {
			s.Sections = append(s.Sections, Section{fmt.Sprintf(w.session, i+1, w.day(d)), c.following(w, lang, i, single)})
		}
	}
	var always []string
	for _, t := range treatment.Always() {
		always = append(always, t.In(lang))
	}
	s.Sections = append(s.Sections, Section{w.always, always})
	return s
}

// following are the rules after session i, from 0. The correction is spoken of
// after the first only.
func (c Client) following(w wording, lang string, i int, rules []treatment.Care) []string {
	var out []string
	for _, r := range rules {
		if r.ID == "correction" && i > 0 {
			continue
		}
		out = append(out, w.between(c.Days[i], r)+": "+r.Text.In(lang))
	}
	return out
}

// Healed is when the skin has healed after the last of some sessions.
func Healed(days []civil.Date) civil.Date {
	var last civil.Date
	for _, d := range days {
		last = civil.Later(last, d)
	}
	return treatment.HealedOn(last)
}

func each(rules []treatment.Care, line func(treatment.Care) string) []string {
	var out []string
	for _, r := range rules {
		out = append(out, line(r))
	}
	return out
}

func (c Client) foot(w wording) string {
	if c.Contact == "" {
		return w.foot
	}
	return w.foot + " " + c.Contact
}

const textWidth = 78 // letters of a line of text

// Text is the sheet as plain text, for mail or a message.
func (s Sheet) Text() string {
	var b strings.Builder
	b.WriteString(s.Title + "\n" + strings.Repeat("=", utf8.RuneCountInString(s.Title)) + "\n")
	for _, x := range s.Sections {
		b.WriteString("\n" + x.Head + "\n")
		for _, l := range x.Lines {
			b.WriteString(wrapped("- ", l))
		}
	}
	b.WriteString("\n" + wrapped("", s.Foot))
	return b.String()
}

// wrapped breaks a sentence into lines, the later ones set in as far as mark.
func wrapped(mark, s string) string {
	var b strings.Builder
	line, lead := mark, strings.Repeat(" ", len(mark))
	for i, word := range strings.Fields(s) {
		if i > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > textWidth {
			b.WriteString(line + "\n")
			line = lead + word
			continue
		}
		if i > 0 {
			line += " "
		}
		line += word
	}
	return b.String() + line + "\n"
}

// wording is a language of the sheets.
type wording struct {
	before, after, everySession, untilHealed, session, fromTo, always, foot string
	on, until, dayNo, daysNo, sameDay, dayBefore, daysBefore                string
	weekdays                                                                [7]string // from Sunday
	form                                                                    string    // of a day
}

func words(lang string) wording {
	if lang == "lv" {
		return wording{
			before: "Pirms seansiem", after: "Pēc seansiem", everySession: "Katrs seanss", untilHealed: "Līdz sadzīšanai (1 mēnesis pēc pēdējā seansa)",
			session: "%d. seanss, %s", fromTo: "No %s līdz %s, kad āda ir sadzijusi", always: "Vienmēr",
			foot: "Šī lapa ir studijas kārtība, nevis medicīnisks padoms. Ja kaut kas satrauc: jautājiet studijai vai ārstam.",
			on:   "%s", until: "%s līdz %s", dayNo: "%d. diena", daysNo: "%d. līdz %d. diena",
			sameDay: "Seansa dienā", dayBefore: "Dienu pirms", daysBefore: "Sākot ar %d. dienu pirms",
			weekdays: [7]string{"Sv", "Pr", "Ot", "Tr", "Ce", "Pk", "Se"}, form: "02.01.2006.",
		}
	}
	return wording{
		before: "Before your sessions", after: "After your sessions", everySession: "Every session", untilHealed: "Until healed (1 month after the last session)",
		session: "Session %d, %s", fromTo: "From %s to %s, when the skin has healed", always: "At any time",
		foot: "This sheet is the studio's rule, not medical advice. If anything worries you: ask the studio or a doctor.",
		on:   "%s", until: "%s to %s", dayNo: "Day %d", daysNo: "Days %d to %d",
		sameDay: "On the day", dayBefore: "The day before", daysBefore: "From %d days before",
		weekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, form: "2 Jan 2006",
	}
}

func (w wording) day(d civil.Date) string {
	return w.weekdays[d.Weekday()] + " " + d.At(0, 0, time.UTC).Format(w.form)
}

// between says the days of a rule for a session on a day.
func (w wording) between(session civil.Date, r treatment.Care) string {
	if r.From == r.To {
		return fmt.Sprintf(w.on, w.day(session.AddDays(r.From)))
	}
	return fmt.Sprintf(w.until, w.day(session.AddDays(r.From)), w.day(session.AddDays(r.To)))
}

// relative says the days of a rule counted from the session.
func (w wording) relative(r treatment.Care) string {
	if r.From == r.To {
		return fmt.Sprintf(w.dayNo, r.From)
	}
	return fmt.Sprintf(w.daysNo, r.From, r.To)
}

// ahead says the days of a rule before a session in words.
func (w wording) ahead(r treatment.Care) string {
	switch {
	case r.From == 0:
		return w.sameDay
	case r.From == -1:
		return w.dayBefore
	case r.From < 0:
		return fmt.Sprintf(w.daysBefore, -r.From)
	}
	return w.relative(r)
}
