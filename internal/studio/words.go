package studio

import (
	"regexp"

	"pointille/internal/remarks"
	"pointille/internal/studio/desk"
	"pointille/planner/plan"
	"pointille/vision/survey"
)

// inLatvian are remarks and what they are in Latvian: plans and surveys hold them in
// English, and a tablet may change its language at any time.
type inLatvian map[string]string

// say adds texts that have a Latvian.
func (l inLatvian) say(w *remarks.Words, texts ...string) {
	for _, t := range texts {
		if lv := w.Latvian(t); lv != t {
			l[t] = regexp.MustCompile(`(\d)\.(\d)`).ReplaceAllString(lv, "$1,$2")
		}
	}
}

// refused is an error in Latvian, without the file that it may begin with; empty where
// that is not known.
func (s *Server) refused(text string) string {
	bare := regexp.MustCompile(`^(?:the photo|\S+\.json): `).ReplaceAllString(text, "")
	if lv := s.words.Latvian(bare); lv != bare {
		return lv
	}
	return ""
}

// ofPlan are the remarks of a plan in numbers.
func (s *Server) ofPlan(p summary) inLatvian {
	out := inLatvian{}
	out.say(s.words, p.Nothing, p.Failed)
	for _, c := range p.Checks {
		out.say(s.words, c.Name, c.Unit, c.Limit, c.Note)
	}
	for _, w := range p.Warnings {
		out.say(s.words, w.Message)
	}
	for _, x := range p.Sessions {
		out.say(s.words, x.Purpose)
	}
	if r := p.Pigment; r != nil {
		out.say(s.words, r.Note)
		for _, v := range append(append([]plan.Variant{{Shades: r.Shades}}, r.Steps...), r.Alternatives...) {
			for _, q := range v.Shades {
				out.say(s.words, q.Pigment)
			}
		}
	}
	return out
}

// ofView are those of a photo.
func (s *Server) ofView(v *desk.View) inLatvian {
	out := inLatvian{}
	out.say(s.words, v.Why)
	out.say(s.words, messages(v.Survey.Warnings)...)
	return out
}

func messages(all []survey.Warning) (out []string) {
	for _, w := range all {
		out = append(out, w.Message)
	}
	return out
}

// toldView is a photo as a tablet is told of it.
type toldView struct {
	*desk.View
	Remarks inLatvian `json:"remarks"`
}

func (s *Server) toldView(v *desk.View) toldView { return toldView{v, s.ofView(v)} }
