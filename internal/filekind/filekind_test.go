package filekind_test

import (
	"fmt"
	"testing"

	"pointille/internal/filekind"
)

func ExampleOf() {
	k := filekind.Of([]byte("Dear client, ..."))
	fmt.Println(k, k.Photo())
	// Output: text false
}

func TestOf(t *testing.T) {
	for head, want := range map[string]filekind.Kind{
		"":                             "an empty file",
		"\xff\xd8\xff\xe0":             filekind.JPEG,
		"\xff\xd8":                     "unknown data",
		"\x89PNG\r\n\x1a\n\x00":        filekind.PNG,
		"RIFF\x10\x00\x00\x00WEBPVP8 ": filekind.WebP,
		"RIFF\x10\x00\x00\x00WAVE":     "unknown data",
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic":     filekind.HEIC,
		"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1heicmiaf": filekind.HEIC,
		"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf": "an AVIF picture; save it as JPEG or PNG",
		"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41":     "a video",
		"\x00\x00\x00\x08ftyp":                                 "unknown data",
		"%PDF-1.7":                                             "a PDF document",
		"GIF89a":                                               "a GIF picture; save it as JPEG or PNG",
		"Grüße":                                                "text",
		"text cut in a letter \xc3":                            "text",
		"\xff\xfeh\x00i\x00":                                   "text",
		"\x00\x01\x02":                                         "unknown data",
	} {
		if got := filekind.Of([]byte(head)); got != want {
			t.Errorf("%q is %q, want %q", head, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if filekind.Of(head) == "" {
			t.Error("no kind")
		}
	})
}
