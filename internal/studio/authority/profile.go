package authority

import (
	"encoding/base64"
	"fmt"
)

// Profile is the root as a configuration profile, which iPads offer to install.
func (a *Authority) Profile() []byte {
	id := fmt.Sprintf("%X", a.cert.SerialNumber.Bytes())
	for len(id) < 32 {
		id = "0" + id
	}
	uuid := func(last string) string {
		return id[0:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:31] + last
	}
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>PayloadContent</key><array><dict>
<key>PayloadCertificateFileName</key><string>pointille-ca.crt</string>
<key>PayloadContent</key><data>%s</data>
<key>PayloadDisplayName</key><string>%s</string>
<key>PayloadIdentifier</key><string>local.pointille.ca</string>
<key>PayloadType</key><string>com.apple.security.root</string>
<key>PayloadUUID</key><string>%s</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></array>
<key>PayloadDescription</key><string>Lets this tablet trust the Pointille studio in its own network. It can vouch for names ending in .local and private addresses only.</string>
<key>PayloadDisplayName</key><string>%s</string>
<key>PayloadIdentifier</key><string>local.pointille</string>
<key>PayloadType</key><string>Configuration</string>
<key>PayloadUUID</key><string>%s</string>
<key>PayloadVersion</key><integer>1</integer>
</dict></plist>
`, base64.StdEncoding.EncodeToString(a.cert.Raw), a.cert.Subject.CommonName, uuid("A"), a.cert.Subject.CommonName, uuid("B"))
}
