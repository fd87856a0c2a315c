package cvx_test

import (
	"testing"

	"pointille/internal/cvx"
)

func TestProbe(t *testing.T) {
	for _, p := range cvx.Probe() {
		t.Logf("%s %v %s", p.Name, p.OK, p.Detail)
		if !p.OK {
			t.Errorf("%s: %s", p.Name, p.Detail)
		}
	}
}
