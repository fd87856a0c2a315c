// Package authority is the studio's own certificate authority: browsers talk to
// the studio's address over TLS, and no certificate is bought or fetched.
//
// The root is made once and lies in a folder that only its owner can read. It is
// limited by name constraints to names that end in .local and to private
// addresses, so that whoever stole its key could still not pass for any other
// site. Certificates of the server are made anew at each start, for the names
// and addresses it has then.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Authority is the root with its key.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// Names of the files.
const (
	certFile = "ca.pem"
	keyFile  = "ca-key.pem"
)

// How long certificates last. Apple takes no server certificate of more than 398 days.
const (
	rootYears = 10
	leafDays  = 390
)

// Open reads the authority from a folder, or makes it there.
func Open(dir, host string, now time.Time) (*Authority, error) {
	a, err := read(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return a, err
	}
	return create(dir, host, now)
}

func read(dir string) (*Authority, error) {
	cert, err := block(filepath.Join(dir, certFile), "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	key, err := block(filepath.Join(dir, keyFile), "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	a := new(Authority)
	if a.cert, err = x509.ParseCertificate(cert); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, certFile), err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, keyFile), err)
	}
	var ok bool
	if a.key, ok = parsed.(*ecdsa.PrivateKey); !ok {
		return nil, fmt.Errorf("%s: holds a %T where an ECDSA key is expected", filepath.Join(dir, keyFile), parsed)
	}
	return a, nil
}

func block(path, kind string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the certificate authority: %w", err)
	}
	b, _ := pem.Decode(data)
	if b == nil || b.Type != kind {
		return nil, fmt.Errorf("%s: holds no %s", path, strings.ToLower(kind))
	}
	return b.Bytes, nil
}

func create(dir, host string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making the certificate authority: %w", err)
	}
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Pointille studio " + host, Organization: []string{"Pointille, this studio only"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(rootYears, 0, 0), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: []string{"local", "localhost"}, PermittedIPRanges: privateRanges(),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("making the certificate authority: %w", err)
	}
	a := &Authority{key: key}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("making the certificate authority: %w", err)
	}
	return a, a.write(dir)
}

// write puts the key first: a certificate without its key would be useless.
func (a *Authority) write(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("keeping the certificate authority: %w", err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return fmt.Errorf("keeping the certificate authority: %w", err)
	}
	for _, f := range []struct {
		name string
		b    pem.Block
	}{{keyFile, pem.Block{Type: "PRIVATE KEY", Bytes: key}}, {certFile, pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}}} {
		if err := os.WriteFile(filepath.Join(dir, f.name), pem.EncodeToMemory(&f.b), 0o600); err != nil {
			return fmt.Errorf("keeping the certificate authority: %w", err)
		}
	}
	return nil
}

// Certificate makes the server's certificate for names and addresses. Those the
// root may not vouch for are left out.
func (a *Authority) Certificate(hosts []string, now time.Time) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making the server's certificate: %w", err)
	}
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Pointille studio"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, leafDays),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			if private(ip) {
				t.IPAddresses = append(t.IPAddresses, ip)
			}
		} else if h == "localhost" || strings.HasSuffix(h, ".local") {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making the server's certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key}, nil
}

// DER is the root as a tablet installs it.
func (a *Authority) DER() []byte { return a.cert.Raw }

// Fingerprint is the SHA-256 of the root, to compare by eye.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	var parts []string
	for i := 0; i < len(sum); i += 2 {
		parts = append(parts, fmt.Sprintf("%02X%02X", sum[i], sum[i+1]))
	}
	return strings.Join(parts, " ")
}

func serial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	b[0] &= 0x7f
	return new(big.Int).SetBytes(b)
}

// privateRanges are the networks a studio can be in.
func privateRanges() []*net.IPNet {
	var out []*net.IPNet
	for _, s := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"} {
		if _, n, err := net.ParseCIDR(s); err == nil {
			out = append(out, n)
		}
	}
	return out
}

func private(ip net.IP) bool {
	for _, n := range privateRanges() {
		if n.Contains(ip) {
			return true
		}
	}
	return false
}
