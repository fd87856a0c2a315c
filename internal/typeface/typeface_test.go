package typeface_test

import (
	"testing"

	"pointille/internal/typeface"
)

// TestGo wants every letter that the program prints in either font: ASCII, signs of
// units, and the letters of Latvian.
func TestGo(t *testing.T) {
	regular, bold, err := typeface.Go()
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(' '); r <= '~'; r++ {
		if regular.Index(r) == 0 || bold.Index(r) == 0 {
			t.Errorf("no %q", r)
		}
	}
	for _, r := range "²±°·×–ΔāčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ" {
		if regular.Index(r) == 0 || bold.Index(r) == 0 {
			t.Errorf("no %q", r)
		}
	}
	if regular.Name(1) == "" || regular.Index('a') == 0 {
		t.Error("a font without a name")
	}
}
