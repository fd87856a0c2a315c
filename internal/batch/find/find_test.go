package find_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/batch/find"
)

const jpeg = "\xff\xd8\xff\xe0"

func ExampleFind() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	os.MkdirAll(filepath.Join(dir, "photos", "anna"), 0o755)
	os.WriteFile(filepath.Join(dir, "photos", "anna", "front.jpg"), []byte(jpeg), 0o600)
	found, err := find.Find(context.Background(), find.Options{Roots: []string{filepath.Join(dir, "photos")}, Out: filepath.Join(dir, "out")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range found.Cases {
		fmt.Println(c.At, len(c.Photos), c.Photos[0].View)
	}
	// Output: photos/anna 1 front
}

func TestFind(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string // content by path; "a->b" is a link to b, "d/" a folder
		want  string            // a line for each case, then for each remark
	}{
		{"cases in a tree", map[string]string{
			"p/anna/front.jpg": jpeg + "1", "p/anna/left.jpg": jpeg + "2", "p/2024/ben/top.png": jpeg + "3", "p/2024/IMG_1.JPG": jpeg + "4", "p/x/": "",
		}, "p/2024: IMG_1 p/2024/ben: top=top p/anna: front=front left=left"},
		{"the root itself", map[string]string{"p/front.jpg": jpeg}, "p: front=front"},
		{"passed over", map[string]string{
			"p/a/front.jpg": jpeg, "p/a/.hidden.jpg": jpeg, "p/a/._front.jpg": "x", "p/a/notes.txt": "text", "p/a/front.healed.jpg": jpeg, "p/a/l.jpg->front.jpg": "",
			"p/@eaDir/front.jpg": jpeg + "e", "p/.cache/front.jpg": jpeg + "h", "p/old->a": "", "p/earlier/.pointille/journal": "", "p/earlier/a/front.jpg": jpeg + "o",
		}, "p/a: front=front " +
			"p/@eaDir: a folder of the system; p/a/front.healed.jpg: a picture that this program wrote; p/a/l.jpg: a link; " +
			"p/a/notes.txt: not a photo (text); p/earlier: results of a batch; p/old: a link"},
		{"stray copies", map[string]string{
			"p/a/front.jpg": jpeg, "p/a/front copy.jpg": jpeg, "p/a/IMG_7.JPG_original": jpeg, "p/a/left.jpg": jpeg + "2",
		}, "p/a: front=front left=left p/a/IMG_7.JPG_original: a copy of front.jpg; p/a/front copy.jpg: a copy of front.jpg"},
		{"a copy under another view is a riddle", map[string]string{"p/a/front.jpg": jpeg, "p/a/left.jpg": jpeg, "p/b/top.jpg": jpeg + "2"},
			"p/a: BAD p/b: top=top"},
		{"a folder of copies", map[string]string{
			"p/anna/front.jpg": jpeg, "p/anna/left.jpg": jpeg + "2", "p/Copy of anna/front.jpg": jpeg, "p/Copy of anna/left.jpg": jpeg + "2",
			"p/anna/top.jpg": jpeg + "t", "p/Copy of anna/top.jpg": jpeg + "t", "p/backup/anna/left.jpg": jpeg + "2", "p/backup/anna/top.jpg": jpeg + "t",
			"p/one/left.jpg": jpeg + "2", "p/more/front.jpg": jpeg, "p/more/top.jpg": jpeg + "3",
		}, "p/anna: front=front left=left top=top p/more: front=front top=top p/one: left=left " +
			"p/Copy of anna: all its photos are copies of those in p/anna; p/backup/anna: all its photos are copies of those in p/anna"},
		{"spoilt photos are no copies", map[string]string{"p/a/front.jpg": "", "p/b/front.jpg": ""}, "p/a: front p/b: front"},
		{"described", map[string]string{
			"p/a/1.jpg": jpeg, "p/a/2.jpg": jpeg + "2", "p/a/case.json": `{"case": "A-1", "photos": [{"file": "2.jpg", "view": "top"}]}`,
			"p/b/1.jpg": jpeg + "3", "p/b/case.json": `{`,
		}, "p/a(A-1): 2=top p/b: BAD p/a/1.jpg: case.json does not list it"},
		{"same stem", map[string]string{"p/a/front.jpg": jpeg, "p/a/Front.png": jpeg + "2", "p/b/x.jpg": jpeg + "3", "p/b/x.png": jpeg + "4"},
			"p/a: BAD p/b: x.jpg x.png"},
		{"bad name", map[string]string{"p/a\xff/front.jpg": jpeg, "p/b/front.jpg": jpeg + "2"}, "p/b: front=front p/a\xff: FAILED its name is no valid UTF-8: rename it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := tree(t, tt.files)
			t.Chdir(dir)
			before := listing(t, dir)
			f, err := find.Find(context.Background(), find.Options{Roots: []string{"p"}, Out: "out"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, said(f)); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, listing(t, dir)); diff != "" {
				t.Errorf("the tree has changed:\n%s", diff)
			}
		})
	}
}

func said(f *find.Found) string {
	var parts, remarks []string
	for _, c := range f.Cases {
		line := c.At
		if c.Code != filepath.Base(c.At) {
			line += "(" + c.Code + ")"
		}
		line += ":"
		for _, p := range c.Photos {
			line += " " + p.Name
			if p.View != "" {
				line += "=" + p.View
			}
			if len(p.SHA256) != 64 {
				line += " without a hash"
			}
		}
		if c.Bad != "" {
			line += " BAD"
		}
		parts = append(parts, line)
	}
	for _, r := range f.Skipped {
		remarks = append(remarks, r.Path+": "+r.Why)
	}
	for _, r := range f.Failed {
		remarks = append(remarks, r.Path+": FAILED "+r.Why)
	}
	sort.Strings(remarks)
	if len(remarks) > 0 {
		parts = append(parts, strings.Join(remarks, "; "))
	}
	return strings.Join(parts, " ")
}

func TestRoots(t *testing.T) {
	files := map[string]string{
		"p/a/front.jpg": jpeg, "p/a/left.jpg": jpeg + "2", "q/a/top.jpg": jpeg + "3", "q/back.jpg": jpeg + "4", "q/back.png": jpeg + "5", "empty/": "", "q/note.txt": "text",
	}
	tests := []struct{ roots, out, want string }{
		{"p q", "out", "p/a: front=front left=left q: BAD q/a: top=top"},
		{"q/back.jpg", "out", "back: back=back"},
		{"q/back.jpg q/back.png p", "out", "back.jpg(back): back=back back.png(back): back=back p/a: front=front left=left"},
		{"p", "p/out", "p/a: front=front left=left"},
		{"p", "out/deep/er", "p/a: front=front left=left"},
		{"q/note.txt", "out", "note: BAD"},
		{"nobody", "out", "ERROR nobody: there is no such folder or photo; is its disk connected?"},
		{"p/a q/a", "out", "ERROR p/a and q/a: results of both would lie in a; do them with an --out of their own"},
		{"p p/a", "out", "ERROR p and p/a: one lies in the other; name only the outer one"},
		{"p ./p", "out", "ERROR p and p: results of both would lie in p; do them with an --out of their own"},
		{"p", "p", "ERROR p: results of p would lie among the photos of p; choose another --out"},
		{"p", ".", "ERROR .: results of p would lie among the photos of p; choose another --out"},
		{"p/a q", "p", "ERROR p: results of p/a would lie among the photos of p/a; choose another --out"},
		{"empty", "out", "EMPTY empty"},
	}
	for _, tt := range tests {
		t.Run(tt.roots+" to "+tt.out, func(t *testing.T) {
			t.Chdir(tree(t, files))
			f, err := find.Find(context.Background(), find.Options{Roots: strings.Fields(tt.roots), Out: tt.out})
			got := ""
			switch {
			case err != nil:
				got = "ERROR " + err.Error()
			case len(f.Empty) > 0:
				got = "EMPTY " + strings.Join(f.Empty, " ")
			default:
				f.Skipped = nil
				got = said(f)
			}
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("found %s, want %s", got, tt.want)
			}
		})
	}
}

// TestSettled wants a folder in which one photo still grows left for later.
func TestSettled(t *testing.T) {
	t.Chdir(tree(t, map[string]string{"p/a/front.jpg": jpeg, "p/a/left.jpg": jpeg + "2", "p/b/top.jpg": jpeg + "3"}))
	settled := func(path string, _ fs.FileInfo) bool { return filepath.Base(path) != "left.jpg" }
	f, err := find.Find(context.Background(), find.Options{Roots: []string{"p"}, Out: "out", Settled: settled})
	if err != nil || said(f) != "p/b: top=top" || len(f.Later) != 1 || f.Later[0] != "p/a" {
		t.Errorf("found %s, later %v, %v", said(f), f.Later, err)
	}
}

func TestInterrupted(t *testing.T) {
	t.Chdir(tree(t, map[string]string{"p/a/front.jpg": jpeg}))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := find.Find(ctx, find.Options{Roots: []string{"p"}, Out: "out"}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		link, target, isLink := strings.Cut(path, "->")
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, link)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o755)
		default:
			err = os.WriteFile(path, []byte(content), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func listing(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		out = append(out, fmt.Sprint(path, info.Mode(), info.Size(), info.ModTime()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
