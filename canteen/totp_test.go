package canteen

import (
	"testing"
	"time"
)

// TestMatchTOTP_vectors are those of RFC 6238, appendix B (SHA-1), by their last
// six digits.
func TestMatchTOTP_vectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for seconds, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471",
		1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if step, ok := MatchTOTP(secret, code, time.Unix(seconds, 0), 0); !ok || step != seconds/30 {
			t.Errorf("MatchTOTP(%s at %d) = %d, %t; want %d", code, seconds, step, ok, seconds/30)
		}
		if got := TOTPCode(secret, time.Unix(seconds, 0)); got != code {
			t.Errorf("TOTPCode(at %d) = %s, want %s", seconds, got, code)
		}
	}
}

func TestMatchTOTP_windowAndReplay(t *testing.T) {
	secret := []byte("12345678901234567890")
	at := time.Unix(1234567890, 0)
	step := at.Unix() / 30
	for away, want := range map[time.Duration]bool{0: true, 30 * time.Second: true, -30 * time.Second: true, time.Minute: false, -time.Minute: false} {
		if _, ok := MatchTOTP(secret, "005924", at.Add(away), 0); ok != want {
			t.Errorf("the code %s away: %t, want %t", away, ok, want)
		}
	}
	if _, ok := MatchTOTP(secret, "005924", at, step); ok {
		t.Error("the same code was good twice")
	}
	if _, ok := MatchTOTP(secret, "005924", at, step-1); !ok {
		t.Error("the code after the last one used was refused")
	}
	for _, code := range []string{"", "5924", "0005924", "00592a"} {
		if _, ok := MatchTOTP(secret, code, at, 0); ok {
			t.Errorf("the code %q was good", code)
		}
	}
}
