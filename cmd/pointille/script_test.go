package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets this test binary be the program where a script starts it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pointille": main})
}

// TestScripts runs the command line as its user does: each script of
// testdata/script in a folder of its own. $DEMO and $HEIC are photos, $PLANS
// and $SURVEYS documents; the commands beside testscript's are in words_test.go.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			for name, dir := range map[string]string{
				"DEMO": "../../testdata/demo", "HEIC": "../../vision/photo/testdata", "PLANS": "../../planner/plan/testdata",
				"SURVEYS": "../../vision/survey/testdata",
			} {
				abs, err := filepath.Abs(dir)
				if err != nil {
					return err
				}
				e.Setenv(name, abs)
			}
			e.Values[marked] = marks{}
			return nil
		},
		Condition: condition,
		Cmds:      commands(),
	})
}

func commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits": exits, "interrupt": interrupt, "tidy": tidy, "holds": holds,
		"shrink": shrink, "gradient": gradient, "header": header, "cut": cut, "edit": edit, "harm": harm,
		"mark": mark, "unchanged": unchanged, "same": same, "waits": waits, "halves": halves,
	}
}

func TestScriptsAreThere(t *testing.T) {
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, f := range files {
		if data, err := os.ReadFile(f); err != nil || len(data) == 0 || data[0] != '#' {
			t.Errorf("%s does not begin with what it is about", f)
		}
	}
}
