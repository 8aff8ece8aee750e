package canteen

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestParsePAN_keepsTheDigitsAsTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "7": "7", "007": "007", "4100010": "4100010", "0000000000000000": "0000000000000000",
		"9999999999999999": "9999999999999999", " 4100010 ": "4100010",
	} {
		p, err := ParsePAN(in)
		if err != nil || p.String() != want || p == 0 {
			t.Errorf("ParsePAN(%q) = %q, %v; want %q", in, p, err, want)
		}
	}
	for _, in := range []string{"", " ", "12345678901234567", "12 34", "12a", "-1", "+1", "1.5", "٣", "１"} {
		if p, err := ParsePAN(in); err == nil {
			t.Errorf("ParsePAN(%q) = %q; want an error", in, p)
		}
	}
}

func TestPAN_orderIsThatOfTheStrings(t *testing.T) {
	texts := []string{"10", "1", "01", "0", "00", "100", "09", "2", "4100010", "4100025", "41000", "9999999999999999", "999"}
	pans := make([]PAN, len(texts))
	for i, s := range texts {
		p, err := ParsePAN(s)
		if err != nil {
			t.Fatal(err)
		}
		pans[i] = p
	}
	slices.Sort(texts)
	slices.Sort(pans)
	for i, p := range pans {
		if p.String() != texts[i] {
			t.Errorf("code %d in order is %q; want %q", i, p, texts[i])
		}
	}
}

func TestNewPAN_hasNineDigitsAndItsCheck(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "000000000", 1: "000000018", 12345678: "123456782", 99999999: "999999998", 100000001: "000000018",
	} {
		p := NewPAN(n)
		if p.String() != want || !p.ValidCheck() {
			t.Errorf("NewPAN(%d) = %q, valid %v; want %q", n, p, p.ValidCheck(), want)
		}
	}
}

// A digit mistyped and two neighbours swapped must not lead to another child;
// Luhn misses only the swap of 0 and 9.
func TestPAN_checkDigitCatchesTypingErrors(t *testing.T) {
	for n := uint64(4100010); n < 4100200; n++ {
		good := NewPAN(n).String()
		for i := range len(good) {
			for d := byte('0'); d <= '9'; d++ {
				if wrong := good[:i] + string(d) + good[i+1:]; wrong != good {
					wantNoCheck(t, wrong)
				}
			}
			if i > 0 && good[i] != good[i-1] && good[i-1:i+1] != "09" && good[i-1:i+1] != "90" {
				wantNoCheck(t, good[:i-1]+good[i:i+1]+good[i-1:i]+good[i+1:])
			}
		}
	}
	for _, s := range []string{"4100010", "00000000", "0000000000"} {
		wantNoCheck(t, s)
	}
}

func wantNoCheck(t *testing.T, s string) {
	t.Helper()
	if p, err := ParsePAN(s); err != nil || p.ValidCheck() {
		t.Errorf("ParsePAN(%q) = %q, valid %v, %v; want a code without a valid check digit", s, p, p.ValidCheck(), err)
	}
}

func TestLuhn_knownNumbers(t *testing.T) {
	for body, want := range map[string]byte{
		"7992739871": '3', "9912345678": '4', "0074311015": '7', "8000234071": '1', "": '0', "0": '0',
	} {
		if got := Luhn(body); got != want {
			t.Errorf("Luhn(%q) = %c; want %c", body, got, want)
		}
	}
	wantPanic(t, func() { Luhn("12a") })
}

func TestPAN_textForm(t *testing.T) {
	type record struct {
		PAN   PAN         `json:"pan"`
		Meals map[PAN]int `json:"meals"`
	}
	in := record{Meals: map[PAN]int{NewPAN(1): 3}}
	text, err := json.Marshal(in)
	if want := `{"pan":"","meals":{"000000018":3}}`; err != nil || string(text) != want {
		t.Errorf("Marshal = %s, %v; want %s", text, err, want)
	}
	out := record{PAN: 1}
	if err := json.Unmarshal(text, &out); err != nil || out.PAN != 0 || out.Meals[NewPAN(1)] != 3 {
		t.Errorf("Unmarshal(%s) = %+v, %v; want %+v", text, out, err, in)
	}
}

func FuzzParsePAN(f *testing.F) {
	f.Add("4100010", "4100025")
	f.Add("0", "00")
	f.Add("9999999999999999", " 1 ")
	f.Fuzz(func(t *testing.T, a, b string) {
		p, errP := ParsePAN(a)
		q, errQ := ParsePAN(b)
		if errP != nil || errQ != nil {
			return
		}
		if p.String() != strings.TrimSpace(a) {
			t.Errorf("ParsePAN(%q) = %q", a, p)
		}
		if (p < q) != (p.String() < q.String()) {
			t.Errorf("%q < %q is %v, of their strings %v", p, q, p < q, p.String() < q.String())
		}
	})
}
