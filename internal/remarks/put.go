package remarks

import (
	"regexp"
	"slices"
	"strings"

	"pointille/planner/treatment"
)

// put says in Latvian what was put into a remark.
func (w *Words) put(text, kind string) string {
	switch kind {
	case "remark":
		return w.Latvian(text)
	case "zones":
		return zones(text)
	case "outcome":
		return outcome(text)
	case "screened":
		return screened(text)
	case "finding":
		return w.finding(text)
	}
	if s, ok := named(kind)[text]; ok {
		return s
	}
	return text
}

// named are the words of which a thing of a kind is one.
func named(kind string) map[string]string {
	switch kind {
	case "side":
		return map[string]string{"right": "labajā", "left": "kreisajā"}
	case "look":
		return map[string]string{"shaved": "skūts", "density": "blīvums", "patch": "plankumi", "scar": "rēta"}
	case "view":
		return map[string]string{
			"front": "no priekšas", "left": "no kreisās", "right": "no labās", "back": "no aizmugures", "top": "no augšas",
			"crown": "uz pakausi no augšas", "macro": "tuvplānā",
		}
	}
	return nil
}

// zones says a list of zones, as package design writes it. Whatever is no zone stays as it is.
func zones(text string) string {
	known := treatment.ZonesInLatvian()
	both := map[string]string{"temporal": "deniņi abās pusēs", "parietal": "pauris abās pusēs"}
	parts := strings.Split(strings.ReplaceAll(text, " and ", ", "), ", ")
	for i, p := range parts {
		if name, sides := strings.CutSuffix(p, " on both sides"); sides && both[name] != "" {
			parts[i] = both[name]
		} else if s := known[strings.ReplaceAll(p, " ", "_")]; s != "" {
			parts[i] = s
		}
	}
	if n := len(parts); n > 1 {
		parts = []string{strings.Join(parts[:n-1], "; "), parts[n-1]}
	}
	return strings.Join(parts, " un ")
}

// outcome says what screening came to, as package screening does.
func outcome(text string) string {
	for _, o := range [][2]string{
		{`^go$`, "drīkst"}, {`^no$`, "nē"}, {`^wait until (\S+)$`, "jāgaida līdz $1"},
		{`^doctor's certificate needed$`, "vajag ārsta izziņu"},
		{`^doctor's certificate needed, and not before (\S+)$`, "vajag ārsta izziņu, un ne agrāk par $1"},
	} {
		if re := regexp.MustCompile(o[0]); re.MatchString(text) {
			return re.ReplaceAllString(text, o[1])
		}
	}
	return text
}

// screened says what screening came to and why, as package schedule refuses a day.
func screened(text string) string {
	if text == "nobody asked the client what speaks against it: use pointille screen" {
		return "klients nav aptaujāts"
	}
	sentence, note, found := strings.Cut(strings.TrimSuffix(text, ")"), " (")
	if why, known := reasons(note); found && known {
		return outcome(sentence) + " (" + why + ")"
	}
	return text
}

// finding says which rule a bottle breaks, as package ledger quotes it.
func (w *Words) finding(text string) string {
	parts := regexp.MustCompile(`^(.*) \((REACH [^:]*|studio rule \d+): (.*)\)$`).FindStringSubmatch(text)
	if parts == nil {
		return text
	}
	rule := strings.NewReplacer("studio rule", "studijas noteikums", "Annex XVII entry", "XVII pielikuma ieraksts").Replace(parts[2])
	return w.Latvian(parts[1]) + " (" + rule + ": " + w.Latvian(parts[3]) + ")"
}

// reasons says what screening found, as package screening lists it: "reason (answer):
// until day; reason ...". ok is false where a reason is not known.
func reasons(text string) (said string, ok bool) {
	texts := treatment.Conditions()
	slices.SortFunc(texts, func(a, b treatment.Condition) int { return len(b.Reason.EN) - len(a.Reason.EN) })
	after := regexp.MustCompile(`^( \([^)]*\))?(: (?:until|over since) [\d-]+)?(; |\.?$)`)
	var out strings.Builder
	for rest := text; rest != ""; {
		i := slices.IndexFunc(texts, func(c treatment.Condition) bool { return strings.HasPrefix(rest, c.Reason.EN) })
		if i < 0 {
			return "", false
		}
		rest = rest[len(texts[i].Reason.EN):]
		m := after.FindStringSubmatch(rest)
		if m == nil {
			return "", false
		}
		out.WriteString(texts[i].Reason.LV)
		out.WriteString(strings.NewReplacer("(not answered: counts as yes)", "(nav atbildēts: skaitās kā jā)", ": until ", ": līdz ", ": over since ", ": pagājis kopš ").Replace(m[0]))
		rest = rest[len(m[0]):]
	}
	return out.String(), text != ""
}
