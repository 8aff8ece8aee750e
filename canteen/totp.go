package canteen

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

// The second factor of the staff is a time-based one-time password: RFC 6238
// with what every authenticator app can do, SHA-1, six digits, thirty seconds.
const (
	TOTPSecretSize = 20 // bytes, the size of the hash (RFC 4226 §4 R6)
	TOTPDigits     = 6
	TOTPPeriod     = 30 * time.Second
)

// totpWindow is how many periods a phone's clock may be away, either side.
const totpWindow = 1

// MatchTOTP finds the period a code belongs to, among the one of an instant and
// its neighbours. A period up to last, the one of the code used before, is
// refused: a code is good once (RFC 6238 §5.2).
func MatchTOTP(secret []byte, code string, at time.Time, last int64) (step int64, ok bool) {
	if len(code) != TOTPDigits {
		return 0, false
	}
	now := at.Unix() / int64(TOTPPeriod/time.Second)
	for s := now - totpWindow; s <= now+totpWindow; s++ {
		if subtle.ConstantTimeCompare([]byte(totp(secret, s)), []byte(code)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// TOTPCode is the code an authenticator app with a secret shows at an instant.
func TOTPCode(secret []byte, at time.Time) string {
	return totp(secret, at.Unix()/int64(TOTPPeriod/time.Second))
}

// totp is the code of one period (RFC 4226 §5.3).
func totp(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%06d", number%1_000_000)
}
