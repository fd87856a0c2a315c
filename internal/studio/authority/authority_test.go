package authority_test

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/studio/authority"
)

func now() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "tls")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	a, err := authority.Open(dir, "desk.local", now())
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := a.Certificate([]string{"desk.local", "192.168.1.5"}, now())
	fmt.Println(len(c.Certificate), err)
	// Output: 2 <nil>
}

func TestCertificates(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tls")
	a, err := authority.Open(dir, "desk.local", now())
	if err != nil {
		t.Fatal(err)
	}
	again, err := authority.Open(dir, "other.local", now())
	if err != nil || !bytes.Equal(a.DER(), again.DER()) {
		t.Fatalf("another start made another root: %v", err)
	}
	root, err := x509.ParseCertificate(a.DER())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	c, err := again.Certificate([]string{"desk.local", "localhost", "192.168.1.5", "8.8.8.8", "example.com"}, now())
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	for host, ok := range map[string]bool{"desk.local": true, "localhost": true, "192.168.1.5": true, "8.8.8.8": false, "example.com": false, "192.168.1.6": false} {
		_, err := leaf.Verify(x509.VerifyOptions{DNSName: host, Roots: pool, CurrentTime: now().AddDate(0, 1, 0)})
		if (err == nil) != ok {
			t.Errorf("%s: %v", host, err)
		}
	}
	if d := leaf.NotAfter.Sub(leaf.NotBefore); d > 398*24*time.Hour {
		t.Errorf("tablets refuse a certificate of %v", d)
	}
	for _, f := range []string{"ca.pem", "ca-key.pem"} {
		if info, err := os.Stat(filepath.Join(dir, f)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", f, info.Mode(), err)
		}
	}
}

// TestTheRootVouchesForNothingElse: whoever steals its key still cannot pass for a
// site elsewhere.
func TestTheRootVouchesForNothingElse(t *testing.T) {
	a, err := authority.Open(t.TempDir(), "desk.local", now())
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(a.DER())
	if err != nil {
		t.Fatal(err)
	}
	if !root.PermittedDNSDomainsCritical || len(root.PermittedDNSDomains) != 2 || !root.MaxPathLenZero {
		t.Errorf("names: %v, critical: %v", root.PermittedDNSDomains, root.PermittedDNSDomainsCritical)
	}
	for _, n := range root.PermittedIPRanges {
		if n.Contains(net.ParseIP("93.184.216.34")) {
			t.Errorf("%v is no private network", n)
		}
	}
}

func TestProfile(t *testing.T) {
	a, err := authority.Open(t.TempDir(), "desk.local", now())
	if err != nil {
		t.Fatal(err)
	}
	p := string(a.Profile())
	for _, want := range []string{"com.apple.security.root", "Pointille studio desk.local", "PayloadUUID"} {
		if !strings.Contains(p, want) {
			t.Errorf("the profile lacks %q", want)
		}
	}
	if words := strings.Fields(a.Fingerprint()); len(words) != 16 {
		t.Errorf("fingerprint %q", a.Fingerprint())
	}
}

func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	if _, err := authority.Open(dir, "desk.local", now()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"ca.pem", "ca-key.pem"} {
		path := filepath.Join(dir, f)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("no certificate"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := authority.Open(dir, "desk.local", now()); err == nil || !strings.Contains(err.Error(), f) {
			t.Errorf("%s: %v", f, err)
		}
		if err := os.WriteFile(path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
