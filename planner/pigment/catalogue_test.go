package pigment_test

import (
	"strings"
	"testing"

	"pointille/planner/pigment"
)

func TestReadCatalogueRefuses(t *testing.T) {
	for _, c := range []struct{ name, json, words string }{
		{"no list", `{}`, "reading pigments"},
		{"empty", `[]`, "empty"},
		{"no name", `[{"absorption":[1,1,1]}]`, "no name"},
		{"no absorption", `[{"name":"a"}]`, "absorption has 0"},
		{"two values", `[{"name":"a","absorption":[1,1]}]`, "absorption has 2"},
		{"four values", `[{"name":"a","absorption":[1,1,1,1]}]`, "absorption has 4"},
		{"zero", `[{"name":"a","absorption":[1,0,1]}]`, "green light is 0"},
		{"negative", `[{"name":"a","absorption":[1,1,-2]}]`, "blue light is -2"},
		{"too strong", `[{"name":"a","absorption":[99,1,1]}]`, "red light is 99"},
		{"text", `[{"name":"a","absorption":["1",1,1]}]`, "reading pigments"},
		{"misspelt", `[{"name":"a","absorbtion":[1,1,1]}]`, "absorbtion"},
		{"masstone of two", `[{"name":"a","absorption":[1,1,1],"masstone":[1,2]}]`, "masstone has 2"},
		{"impossible masstone", `[{"name":"a","absorption":[1,1,1],"masstone":[140,2,3]}]`, "no colour"},
		{"no CI number", `[{"name":"a","absorption":[1,1,1],"ci":["carbon"]}]`, "Colour Index"},
		{"twice", `[{"name":"a","absorption":[1,1,1]},{"name":"A ","absorption":[1,1,1]}]`, "listed twice"},
		{"two lists", `[{"name":"a","absorption":[1,1,1]}] []`, "more after"},
	} {
		if _, err := pigment.ReadCatalogue([]byte(c.json)); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want words with %q", c.name, err, c.words)
		}
	}
	if _, err := pigment.Catalogue(); err != nil {
		t.Errorf("the shipped one: %v", err)
	}
}
