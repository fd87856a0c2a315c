package keys

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
)

// recoveryBytes are 160 bits: 32 characters of base 32.
const recoveryBytes = 20

// checkBytes of a hash stand behind the recovery key, so that a slip of the
// pen is told from a wrong key.
const checkBytes = 2

// crockford leaves out letters that are taken for others.
func crockford() *base32.Encoding {
	return base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)
}

// recoveryText writes a recovery key in nine groups of four characters.
func recoveryText(secret []byte) string {
	text := crockford().EncodeToString(secret) + checkText(secret)
	var groups []string
	for ; len(text) > 4; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(append(groups, text), "-")
}

// checkText is four characters.
func checkText(secret []byte) string {
	sum := sha256.Sum256(secret)
	return crockford().EncodeToString(sum[:checkBytes])
}

// parseRecovery reads a recovery key as people write it down.
func parseRecovery(text string) ([]byte, error) {
	plain := strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "", "\t", "", "\n", "", "\r", "").Replace(strings.ToUpper(text))
	n := crockford().EncodedLen(recoveryBytes)
	if len(plain) != n+crockford().EncodedLen(checkBytes) {
		return nil, errors.New("a recovery key has nine groups of four letters or digits")
	}
	secret, err := crockford().DecodeString(plain[:n])
	if err != nil || checkText(secret) != plain[n:] {
		return nil, errors.New("the recovery key has a slip: its last group does not fit the others")
	}
	return secret, nil
}
