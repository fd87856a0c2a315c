package screening

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"pointille/internal/civil"
	"pointille/planner/treatment"
)

// ErrUnfinished is returned where the answers end before the questions do.
var ErrUnfinished = errors.New("the answers ended before the questions did")

// Asking is how questions are put.
type Asking struct {
	Case  string
	Asked civil.Date // today
	Lang  string     // en | lv
	Rules []treatment.Condition
}

// Ask puts every question to a person, one a line, and reads the answers. What
// cannot be understood is asked again.
func Ask(in io.Reader, out io.Writer, q Asking) (*Answers, error) {
	t := talk{lines: bufio.NewScanner(in), out: out, asked: q.Asked, lang: q.Lang}
	a := &Answers{Schema: Schema, Case: q.Case, Asked: q.Asked.String(), Answers: map[string]string{}, Certificates: map[string]string{}}
	for i, c := range q.Rules {
		v, err := t.put(fmt.Sprintf("%d/%d  %s", i+1, len(q.Rules), c.Question.In(q.Lang)), c.Dated)
		if err != nil {
			return nil, err
		}
		a.Answers[c.ID] = v
		if c.Rule != treatment.Certificate || v == No {
			continue
		}
		seen := treatment.Text{EN: "      Day of the doctor's certificate that you saw?", LV: "      Apskatītās ārsta izziņas datums?"}
		if v, err = t.put(seen.In(q.Lang), true); err != nil {
			return nil, err
		}
		if v != No && v != Unknown {
			a.Certificates[c.ID] = v
		}
	}
	return a, a.Validate()
}

// talk is a person at a terminal.
type talk struct {
	lines *bufio.Scanner
	out   io.Writer
	asked civil.Date
	lang  string
}

// put asks until it is answered.
func (t talk) put(question string, dated bool) (string, error) {
	hint := treatment.Text{EN: "[y, n, ?]", LV: "[j, n, ?]"}
	if dated {
		hint = treatment.Text{EN: "[day as 2026-03-31, n: never, ?: not known]", LV: "[diena kā 2026-03-31, n: nekad, ?: nav zināms]"}
	}
	for {
		if _, err := fmt.Fprintf(t.out, "%s %s ", question, hint.In(t.lang)); err != nil {
			return "", err
		}
		if !t.lines.Scan() {
			if err := t.lines.Err(); err != nil {
				return "", err
			}
			return "", ErrUnfinished
		}
		v, why := t.understand(strings.ToLower(strings.TrimSpace(t.lines.Text())), dated)
		if why == "" {
			return v, nil
		}
		if _, err := fmt.Fprintf(t.out, "      %s\n", why); err != nil {
			return "", err
		}
	}
}

// understand returns an answer, or why it is none.
func (t talk) understand(s string, dated bool) (answer, why string) {
	switch s {
	case "n", "no", "nē", "ne":
		return No, ""
	case "?", "unknown":
		return Unknown, ""
	}
	if !dated {
		switch s {
		case "y", "yes", "j", "jā", "ja":
			return Yes, ""
		}
		return "", treatment.Text{EN: "Please answer y, n or ?.", LV: "Lūdzu, atbildiet j, n vai ?."}.In(t.lang)
	}
	d, err := civil.Parse(s)
	if err != nil {
		return "", treatment.Text{EN: "Please give a day as in 2026-03-31, or n, or ?.", LV: "Lūdzu, norādiet dienu kā 2026-03-31, vai n, vai ?."}.In(t.lang)
	}
	if t.asked.Before(d) {
		return "", treatment.Text{EN: "That day is still to come.", LV: "Šī diena vēl nav bijusi."}.In(t.lang)
	}
	return s, ""
}
