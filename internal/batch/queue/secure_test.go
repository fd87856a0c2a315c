package queue_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"pointille/internal/batch"
	"pointille/internal/batch/queue"
)

// does does a batch of one photo with a worker that has the same options.
func does(t *testing.T, o batch.QueueOptions) {
	t.Helper()
	dir := t.TempDir()
	photos(t, dir, map[string]string{"a/front.jpg": ""})
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		w := workOptions("", "", t.TempDir())
		w.Queue = o
		if err := (queue.Queue{}).Work(ctx, w); err != nil {
			t.Error(err)
		}
	})
	b := options(dir, "out")
	b.Hands = queue.Queue{}.Hands(o)
	if totals, err := run(t, b); err != nil || totals.Done != 1 {
		t.Errorf("%+v, %v", totals, err)
	}
	stop()
	all.Wait()
}

// refuses wants neither a batch nor a worker to begin.
func refuses(t *testing.T, o batch.QueueOptions, want string) {
	t.Helper()
	w := workOptions("", "", t.TempDir())
	w.Queue = o
	if err := (queue.Queue{}).Work(context.Background(), w); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("worker: error %v, want %q in it", err, want)
	}
	_, err := queue.Queue{}.Hands(o)(context.Background(), batch.Crew{Own: t.TempDir(), Note: func(string) {}})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("batch: error %v, want %q in it", err, want)
	}
}

// TestCredentials wants credentials from a file to be used, wrong and missing ones
// to be named, and a server without JetStream or no server at all.
func TestCredentials(t *testing.T) {
	t.Parallel()
	operator, account, user, other := pair(t, nkeys.PrefixByteOperator), pair(t, nkeys.PrefixByteAccount), pair(t, nkeys.PrefixByteUser), pair(t, nkeys.PrefixByteUser)
	system, resolver := pair(t, nkeys.PrefixByteAccount), &server.MemAccResolver{}
	for _, a := range []nkeys.KeyPair{account, system} {
		claims := jwt.NewAccountClaims(public(t, a))
		if a == account {
			claims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: -1, MemoryStorage: -1, Streams: -1, Consumer: -1}
		}
		signed, err := claims.Encode(operator)
		if err == nil {
			err = resolver.Store(public(t, a), signed)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	url := serverOf(t, func(o *server.Options) {
		o.TrustedKeys, o.AccountResolver, o.SystemAccount = []string{public(t, operator)}, resolver, public(t, system)
	})
	good := queueOptions(url, newKey(t))
	good.Creds = credentials(t, user, account)
	does(t, good)
	empty(t, url, nats.UserCredentials(good.Creds))
	wrong := good
	wrong.Creds = credentials(t, other, other) // signed by nobody who may
	refuses(t, wrong, "the server refuses the credentials of "+wrong.Creds)
	wrong.Creds = ""
	refuses(t, wrong, "the server wants credentials: give their file with --queue-creds")
	wrong.Creds = filepath.Join(t.TempDir(), "none")
	refuses(t, wrong, "--queue-creds: open "+wrong.Creds+": no such file")
	refuses(t, queueOptions("nats://127.0.0.1:1", good.Secret), "no server answers there")
	plain := serverOf(t, func(o *server.Options) { o.JetStream = false })
	refuses(t, queueOptions(plain, good.Secret), "the server has no JetStream: start it with -js")
	refuses(t, queueOptions(plain, good.Creds), "no key: it should hold a line AGE-SECRET-KEY-1")
}

func pair(t *testing.T, kind nkeys.PrefixByte) nkeys.KeyPair {
	t.Helper()
	k, err := nkeys.CreatePair(kind)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func public(t *testing.T, k nkeys.KeyPair) string {
	t.Helper()
	p, err := k.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// credentials of a user as the file of them, signed by an account.
func credentials(t *testing.T, user, by nkeys.KeyPair) string {
	t.Helper()
	if public(t, by)[0] != 'A' {
		by = pair(t, nkeys.PrefixByteAccount)
	}
	signed, err := jwt.NewUserClaims(public(t, user)).Encode(by)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := user.Seed()
	if err != nil {
		t.Fatal(err)
	}
	data, err := jwt.FormatUserConfig(signed, seed)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "creds", data)
}

func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTLS wants both sides to know each other by certificates, and a server that
// nobody has signed to be refused.
func TestTLS(t *testing.T) {
	t.Parallel()
	ours, others := authority(t), authority(t)
	cert, key := ours.sign(t, "server")
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ours.cert)
	url := serverOf(t, func(o *server.Options) {
		o.TLS, o.TLSVerify, o.TLSTimeout = true, true, 10
		o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12}
	})
	good := queueOptions(url, newKey(t))
	good.CA = ours.file
	good.Cert, good.Key = ours.sign(t, "client")
	does(t, good)
	wrong := good
	wrong.CA = others.file
	refuses(t, wrong, "the server's certificate is not trusted")
	wrong.CA = good.Secret
	refuses(t, wrong, "holds no certificate")
	wrong = good
	wrong.Key = good.Secret
	refuses(t, wrong, "--queue-tls-cert: ")
	wrong = good
	wrong.Cert, wrong.Key = others.sign(t, "client")
	refuses(t, wrong, url+": ")
}

type signer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func authority(t *testing.T) signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotAfter: time.Now().Add(time.Hour), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return signer{parsed, key, file(t, "ca.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

func (s signer) sign(t *testing.T, name string) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, s.cert, k.Public(), s.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), file(t, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}
