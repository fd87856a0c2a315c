package casefolder_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/casefolder"
)

const jpeg = "\xff\xd8\xff\xe0"

func ExampleView() {
	fmt.Println(casefolder.View("photos/IMG_left_2.heic"))
	fmt.Println(casefolder.View("close-up 3.png"))
	// Output:
	// left
	// macro
}

func TestView(t *testing.T) {
	for name, want := range map[string]string{
		"front.jpg": "front", "Front.JPG": "front", "front-tilted.jpg": "front", "01_front.jpeg": "front", "front2.png": "front",
		"IMG_left_2.jpg": "left", "anna.right.webp": "right", "back of head.jpg": "back", "top(1).jpg": "top", "crown.heic": "crown",
		"macro.jpg": "macro", "macro-left-3.jpg": "macro", "closeup2.jpg": "macro", "close_up.jpg": "macro", "Close-Up.jpg": "macro",
		"IMG_1234.jpg": "", "front-left.jpg": "", "topside.jpg": "", "leftover.jpg": "", "backup.jpg": "", ".jpg": "", "": "",
	} {
		if got := casefolder.View(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct{ paths, want string }{
		{"a/front.jpg a/left.png", "front left"},
		{"a/front.jpg a/Front.png a/top.jpg", "front.jpg Front.png top"},
		{"a/x.jpg a/x.png a/x.jpg.png", "x.jpg x.png x.jpg.png"},
		{"a/front.jpg b/front.jpg", "front.jpg front.jpg-2"},
		{"a/.jpg", ".jpg"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(casefolder.Names(strings.Fields(tt.paths)), " "); got != tt.want {
			t.Errorf("%s: names are %s, want %s", tt.paths, got, tt.want)
		}
	}
}

func TestOpen(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		code  string
		want  string // name=view@mm of each photo
	}{
		{"plain", map[string]string{"front.jpg": jpeg, "left.jpg": jpeg + "l", "IMG_3.jpg": jpeg + "3"}, "anna", "IMG_3=@0 front=front@0 left=left@0"},
		{"passed over", map[string]string{
			"front.jpg": jpeg, ".hidden.jpg": jpeg, "notes.txt": "front", "sub/right.jpg": jpeg,
			"front.overlay.png": jpeg, "front.regions.png": jpeg, "front.healed.jpg": jpeg, "link->front.jpg": "", "plan.json": "{}",
		}, "anna", "front=front@0"},
		{"by content", map[string]string{"front.dat": jpeg}, "anna", "front=front@0"},
		{"lost photos stay", map[string]string{"front.jpg": "", "left.jpg": ""}, "anna", "front=@0 left=@0"},
		{"spoilt photos stay", map[string]string{
			"front.jpg": jpeg, "left.JPG": "no photo at all", "right.heic": "%PDF-1.7", "top.png": "\x00\x01", "back.avif": "GIF89a", "notes.txt": "front",
		}, "anna", "back=@0 front=front@0 left=@0 right=@0 top=@0"},
		{"spoilt photos claim no view", map[string]string{"front.jpg": jpeg, "front-2.jpg": "text"}, "anna", "front-2=@0 front=front@0"},
		{"spoilt photos are no twins", map[string]string{"front.jpg": "text", "left.jpg": "text"}, "anna", "front=@0 left=@0"},
		{"spoilt photo described", map[string]string{"front.jpg": jpeg, "b.jpg": "text",
			"case.json": `{"photos": [{"file": "b.jpg", "view": "front", "mm_per_px": 0.2}, {"file": "front.jpg"}]}`},
			"anna", "b=@0 front=front@0"},
		{"many close-ups", map[string]string{"macro1.jpg": jpeg + "1", "macro2.jpg": jpeg + "2"}, "anna", "macro1=macro@0 macro2=macro@0"},
		{"described", map[string]string{"front.jpg": jpeg, "b.jpg": jpeg + "b", "c.jpg": jpeg,
			"case.json": `{"case": "A-017", "photos": [{"file": "b.jpg", "view": "back", "mm_per_px": 0.2}, {"file": "front.jpg"}]}`},
			"A-017", "b=back@0.2 front=front@0"},
		{"code only", map[string]string{"front.jpg": jpeg, "case.json": `{"case": "A-017"}`}, "A-017", "front=front@0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := casefolder.Open(folder(t, tt.files))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range c.Photos {
				got = append(got, fmt.Sprintf("%s=%s@%g", p.Name, p.View, p.MMPerPx))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" || c.Code != tt.code {
				t.Errorf("code %s, photos (-want +got):\n%s", c.Code, diff)
			}
		})
	}
}

func TestOpenSome(t *testing.T) {
	dir := folder(t, map[string]string{"front.jpg": jpeg, "copy of front.jpg": jpeg, "left.jpg": "text",
		"case.json": `{"photos": [{"file": "copy of front.jpg"}, {"file": "front.jpg"}]}`})
	take := func(name string) bool { return !strings.HasPrefix(name, "copy") }
	for _, want := range []string{"front.jpg", "front.jpg left.jpg"} {
		c, err := casefolder.OpenSome(dir, take)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range c.Photos {
			got = append(got, filepath.Base(p.Path))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("photos %v, want %s", got, want)
		}
		if err := os.RemoveAll(filepath.Join(dir, "case.json")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenOnePhoto(t *testing.T) {
	dir := folder(t, map[string]string{"left_1.jpg": jpeg})
	path := filepath.Join(dir, "left_1.jpg")
	c, err := casefolder.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want := &casefolder.Case{Code: "left_1", Photos: []casefolder.Photo{{Path: path, Name: "left_1", View: "left"}}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
}

func TestRefused(t *testing.T) {
	described := func(s string) map[string]string {
		return map[string]string{"a.jpg": jpeg, "n.txt": "text", "case.json": s}
	}
	tests := []struct {
		name  string
		files map[string]string
		open  string
		want  string
	}{
		{"missing", nil, "nobody", "there is no such folder or photo"},
		{"empty", nil, "", "the folder is empty"},
		{"no photos", map[string]string{"a.txt": "text"}, "", "no photos in this folder"},
		{"text", map[string]string{"a.jpg": "text"}, "a.jpg", "a.jpg: not a photo (text)"},
		{"same view", map[string]string{"left.jpg": jpeg, "left2.jpg": jpeg}, "", `left.jpg and left2.jpg both claim to be the view "left"`},
		{"same photo", map[string]string{"left.jpg": jpeg, "top.jpg": jpeg}, "", "left.jpg and top.jpg are the same photo"},
		{"typo", described(`{"photo": []}`), "", `case.json: photo: unknown member; did you mean "photos"?`},
		{"view", described(`{"photos": [{"file": "a.jpg", "view": "frnt"}]}`), "", `photos[0].view: "frnt" is unknown; did you mean "front"?`},
		{"elsewhere", described(`{"photos": [{"file": "../a.jpg"}]}`), "", `photos[0].file: "../a.jpg" is no plain file name`},
		{"lost", described(`{"photos": [{"file": "b.jpg"}]}`), "", `photos[0].file: "b.jpg" is no file in the folder`},
		{"no photo", described(`{"photos": [{"file": "n.txt"}]}`), "", "n.txt: not a photo (text)"},
		{"twice", described(`{"photos": [{"file": "a.jpg"}, {"file": "a.jpg"}]}`), "", `photos[1].file: "a.jpg" stands twice`},
		{"scale", described(`{"photos": [{"file": "a.jpg", "mm_per_px": -1}]}`), "", "photos[0].mm_per_px: -1 is outside 0 to 50"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := casefolder.Open(filepath.Join(folder(t, tt.files), tt.open))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %s", err, tt.want)
			}
		})
	}
}

// folder makes a folder "anna" with the files; "a->b" is a link to b.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "anna")
	err := os.Mkdir(dir, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(dir, name)
		if link, target, ok := strings.Cut(name, "->"); ok {
			err = os.Symlink(target, filepath.Join(dir, link))
		} else if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
