package records_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"pointille/internal/records"
)

// foreign reads a record as docs/records.md says that it is written, with nothing of
// this program: what one would do who has the passphrase and no Pointille.
type foreign struct {
	t      *testing.T
	master []byte
}

func (f foreign) key(name string) []byte {
	return must[[]byte](f.t)(hkdf.Key(sha256.New, f.master, nil, "pointille record: "+name, 32))
}

func (f foreign) unseal(key, box []byte, bound string) []byte {
	f.t.Helper()
	aead, err := chacha20poly1305.NewX(key)
	check(f.t, err)
	return must[[]byte](f.t)(aead.Open(nil, box[:24], box[24:], []byte(bound)))
}

// openForeign gets the master key out of the header.
func openForeign(t *testing.T, dir string) foreign {
	var h struct {
		ID           string
		Generation   int
		ByPassphrase []byte `json:"by_passphrase"`
		KDF          struct {
			Memory uint32 `json:"memory_kib"`
			Passes uint32
			Lanes  uint8
			Salt   string
		}
	}
	check(t, json.Unmarshal(must[[]byte](t)(os.ReadFile(filepath.Join(dir, "record.json"))), &h))
	salt := must[[]byte](t)(base64.StdEncoding.DecodeString(h.KDF.Salt))
	f := foreign{t: t}
	bound := fmt.Sprintf("pointille.record/1 passphrase %s %d argon2id %d %d %d %s", h.ID, h.Generation, h.KDF.Memory, h.KDF.Passes, h.KDF.Lanes, h.KDF.Salt)
	f.master = f.unseal(argon2.IDKey([]byte(passphrase), salt, h.KDF.Passes, h.KDF.Memory, h.KDF.Lanes, 32), h.ByPassphrase, bound)
	return f
}

func TestReadWithoutPointille(t *testing.T) {
	s, dir, _ := made(t)
	content := bytes.Repeat([]byte("what is held"), 20000)
	must[records.Client](t)(s.NewClient(t.Context(), "A-17", "Anna"))
	must[records.Item](t)(s.Add(t.Context(), "A-17", records.New{Name: "x.txt", Content: content}))
	check(t, s.Close())

	f := openForeign(t, dir)
	db, err := driver.Open("file:"+filepath.Join(dir, "data.db")+"?vfs=adiantum&mode=ro", func(c *sqlite3.Conn) error {
		return c.Exec("PRAGMA hexkey='" + hex.EncodeToString(f.key("database")) + "'")
	})
	check(t, err)
	defer db.Close()
	var id, file string
	var sealed, name []byte
	check(t, db.QueryRow("SELECT client.id, client.key, client.name, item.file FROM client JOIN item ON item.client = client.id").Scan(&id, &sealed, &name, &file))

	identity := f.unseal(f.key("clients"), sealed, "key of "+id)
	fields := foreign{t, identity}.key("fields")
	if got := f.unseal(fields, name, "name of "+id); string(got) != "Anna" {
		t.Errorf("name %q", got)
	}
	mac := hmac.New(sha256.New, f.key("names"))
	fmt.Fprintf(mac, "%d:%s:%s", len(id), id, content)
	if hex.EncodeToString(mac.Sum(nil)) != file {
		t.Error("the file has another name")
	}
	who := must[*age.X25519Identity](t)(age.ParseX25519Identity(string(identity)))
	box := must[*os.File](t)(os.Open(filepath.Join(dir, "files", file[:2], file)))
	defer box.Close()
	if got := must[[]byte](t)(io.ReadAll(must[io.Reader](t)(age.Decrypt(box, who)))); !bytes.Equal(got, content) {
		t.Error("the file holds another content")
	}
}
