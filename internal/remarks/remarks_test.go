package remarks_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/civil"
	"pointille/internal/remarks"
	"pointille/planner/checks"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/screening"
	"pointille/planner/treatment"
)

func ExampleWords_Latvian() {
	w, err := remarks.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(w.Latvian("Not seen, or not wholly: frontal hairline, temporal on both sides and vertex. Those 41 cm² have no dots, and whether they need any is not known: add photos of them."))
	fmt.Println(w.Latvian("The corner on the client's left recedes 7 mm more: look at both from above."))
	// Output:
	// Nav redzams vai nav redzams pilnībā: priekšējā matu līnija; deniņi abās pusēs un galvas virsa. Šajos 41 cm² nav punktu, un nav zināms, vai tie tur vajadzīgi: pievienojiet šo vietu fotogrāfijas.
	// Stūris klienta kreisajā pusē atkāpjas par 7 mm tālāk: apskatiet abus no augšas.
}

func words(t interface{ Fatal(...any) }) *remarks.Words {
	w, err := remarks.New()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestLatvian(t *testing.T) {
	w := words(t)
	for english, want := range map[string]string{
		"at least 2":                              "vismaz 2",
		"at least 2 mm unless asked for":          "vismaz 2 mm, ja nav vēlēts citādi",
		"one recedes at most 5 mm more":           "viens atkāpjas ne vairāk kā 5 mm tālāk",
		"back.jpg is not used: it shows no scalp": "Fotogrāfija back.jpg nav izmantota: tajā nav redzama galvas āda",
		"Nothing of this is known: nor is that.":  "Nothing of this is known: nor is that.",
		"at least 2 elephants":                    "at least 2 elephants",
		"":                                        "",
		"The photo was given as left but looks like right: check its name.":                                                                                                                      "Fotogrāfija norādīta kā skats no kreisās, bet izskatās pēc skata no labās: pārbaudiet, vai tā ir īstajā vietā.",
		"It seems that the head stands upside down: turn the photo over and survey it again.":                                                                                                    "Šķiet, ka galva ir otrādi: apgrieziet fotogrāfiju un nomēriet vēlreiz.",
		`Nothing is known about the pigment "soot", so it was not used; known are a, b. On this skin a healed dot is only 1.2 L* darker than its surroundings and will hardly be seen as a dot.`: "Par pigmentu „soot” nekas nav zināms, tāpēc tas nav izmantots; zināmi ir a, b. Uz šādas ādas sadzijis punkts ir tikai par 1.2 L* tumšāks nekā āda ap to un kā punkts gandrīz nebūs redzams.",
		"No shade can be proposed and no preview drawn: " + pigment.ErrBlue.Error():                                                                                                              "Toni nevar ieteikt un priekšskatījumu nevar uzzīmēt: jebkurš maisījums blakus klienta rugājiem izskatītos zils: strādājiet seklāk vai ar siltāku vai vājāku pigmentu",
		"black must not be used on 2026-11-28: it expired on 2020-05-31 (studio rule 1: no pigment after its expiry)":                                                                            "black: 2026-11-28 nedrīkst lietot, jo tās derīguma termiņš beidzās 2020-05-31 (studijas noteikums 1: pēc derīguma termiņa pigmentu nelieto)",
		"screening does not allow a session on 2026-12-01: nobody asked the client what speaks against it: use pointille screen":                                                                 "Aptauja neļauj seansu 2026-12-01: klients nav aptaujāts",
	} {
		if got := w.Latvian(english); got != want {
			t.Errorf("%q\n got %q\nwant %q", english, got, want)
		}
		if got := w.In("en", english); got != english {
			t.Errorf("English is changed to %q", got)
		}
	}
	if w.Knows("at least 2 elephants") || !w.Knows(pigment.ErrHelmet.Error()) {
		t.Error("it is not told what is known")
	}
}

// TestScreening: the check says in Latvian what package screening itself says.
func TestScreening(t *testing.T) {
	w, rules := words(t), treatment.Conditions()
	on, err := civil.Parse("2026-11-28")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := &screening.Answers{Asked: "2026-11-20", Answers: map[string]string{}, Certificates: map[string]string{}}
		for _, c := range rules {
			answers := []string{screening.No, screening.No, screening.No, screening.Yes, screening.Unknown}
			if c.Dated {
				answers = append(answers, "2026-10-01", "2025-01-01")
			}
			a.Answers[c.ID] = rapid.SampledFrom(answers).Draw(t, c.ID)
		}
		r := screening.Screen(a, rules, on)
		all := checks.All(&plan.Plan{Nothing: "nothing"}, checks.Facts{Screening: &r})
		check := all[slices.IndexFunc(all, func(c plan.Check) bool { return c.ID == "screening" })]
		want := fmt.Sprintf("Uz %s, jautāts %s: %s.", r.On, r.Asked, r.Sentence("lv"))
		if note := r.Note("lv"); note != "" {
			want += " " + note + "."
		}
		if got := w.Latvian(check.Note); got != want {
			t.Fatalf("%q\n got %q\nwant %q", check.Note, got, want)
		}
	})
}

// read is the table as it is written.
func read(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("lv.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestTable: whatever is put into the English is put into the Latvian, and the kinds of
// things are those that there are.
func TestTable(t *testing.T) {
	verbs, holes := regexp.MustCompile(`%[.\d]*[dfgqsv]`), regexp.MustCompile(`\{([^}:]*):?([^}]*)\}`)
	for english, latvian := range read(t) {
		if latvian == "" || latvian == english {
			t.Errorf("%q has no Latvian", english)
		}
		n := len(verbs.FindAllString(english, -1))
		used := map[string]bool{}
		for _, h := range holes.FindAllStringSubmatch(latvian, -1) {
			used[h[1]] = true
			if !slices.Contains([]string{"", "remark", "zones", "outcome", "screened", "finding", "side", "look", "view"}, h[2]) {
				t.Errorf("%q: there is no kind %q", english, h[2])
			}
		}
		for i := range n {
			if !used[strconv.Itoa(i+1)] {
				t.Errorf("%q: what is put in at %d is lost", english, i+1)
			}
		}
		if len(used) != n {
			t.Errorf("%q: %d things are put into the Latvian, %d into the English", english, len(used), n)
		}
	}
}

func FuzzLatvian(f *testing.F) {
	w := words(f)
	for _, s := range []string{"at least 2 mm unless asked for", "For 2026-11-28, asked on 2026-11-20: no. x", "%s is not used: %s", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := w.Latvian(s); !w.Knows(s) && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}
