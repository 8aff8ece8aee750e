package canteen

import "testing"

// whiteWeek reads a stretch of days: W a white meal that stands, ? one that is
// asked, S a standard meal, and - a day without school.
func whiteWeek(s string) []WhiteDay {
	days := make([]WhiteDay, len(s))
	for i, c := range s {
		days[i] = WhiteDay{School: c != '-', White: c == 'W', Asked: c == '?'}
	}
	return days
}

// answers writes what became of the stretch: Y accepted, N over the limit.
func answers(s string, limit int) string {
	out := []byte(s)
	for i, over := range OverWhiteLimit(limit, whiteWeek(s)) {
		switch {
		case over:
			out[i] = 'N'
		case s[i] == '?':
			out[i] = 'Y'
		}
	}
	return string(out)
}

func TestOverWhiteLimit(t *testing.T) {
	for _, c := range []struct {
		limit       int
		asked, want string
	}{
		{3, "?", "Y"},
		{3, "???", "YYY"},
		{3, "?????", "YYYNN"},
		{3, "??--??", "YY--YN"},                 // over a weekend
		{3, "W?--??", "WY--YN"},                 // one was given already
		{3, "WWW----------?", "WWW----------N"}, // over the Christmas closure
		{3, "WWWS?", "WWWSY"},                   // a day with another meal interrupts
		{3, "?WWW", "NWWW"},                     // in front of what stands
		{3, "?WW?", "YWWN"},
		{3, "?W?W?", "YWNWN"},
		{3, "?????S??", "YYYNNSYY"},
		{1, "???", "YNN"},
		{0, "??????", "YYYYYY"}, // no limit
		{3, "", ""},
	} {
		if got := answers(c.asked, c.limit); got != c.want {
			t.Errorf("limit %d, %q: %q, want %q", c.limit, c.asked, got, c.want)
		}
	}
}

// TestOverWhiteLimit_everyStretch tries every stretch of seven days with every
// limit: no run of white meals is longer than the limit unless what stood before
// was, and an answer of no is never given without need for the first day asked.
func TestOverWhiteLimit_everyStretch(t *testing.T) {
	const signs, length = "W?S-", 7
	total := 1
	for range length {
		total *= len(signs)
	}
	for limit := 1; limit <= 4; limit++ {
		for n := range total {
			stretch := make([]byte, length)
			for i, rest := 0, n; i < length; i, rest = i+1, rest/len(signs) {
				stretch[i] = signs[rest%len(signs)]
			}
			asked := string(stretch)
			got := answers(asked, limit)
			if before, after := longest(asked, "W"), longest(got, "WY"); after > max(limit, before) {
				t.Fatalf("limit %d, %q: %q has %d white meals in a row", limit, asked, got, after)
			}
			for i := range got {
				if got[i] == 'N' && longest(got[:i]+"Y"+onlyStanding(got[i+1:]), "WY") <= limit && !refusedBefore(got[:i]) {
					t.Fatalf("limit %d, %q: %q refuses day %d without need", limit, asked, got, i)
				}
			}
		}
	}
}

// longest is the longest run of some signs on school days.
func longest(s, white string) (most int) {
	run := 0
	for _, c := range s {
		switch {
		case c == '-':
		case c == rune(white[0]) || len(white) > 1 && c == rune(white[1]):
			run++
			most = max(most, run)
		default:
			run = 0
		}
	}
	return most
}

// onlyStanding is the rest of a stretch without what is asked in it.
func onlyStanding(s string) string {
	out := []byte(s)
	for i, c := range out {
		if c == 'Y' || c == 'N' {
			out[i] = 'S'
		}
	}
	return string(out)
}

// refusedBefore tells whether the same stretch has a refused day already.
func refusedBefore(s string) bool {
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case 'N':
			return true
		case 'S':
			return false
		}
	}
	return false
}
