package canteen

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"
)

func TestParseCents_acceptsWhatPeopleWrite(t *testing.T) {
	for in, want := range map[string]Cents{
		"2,70":                       270,
		"2.70":                       270,
		"2,7":                        270,
		"2":                          200,
		"-5,59":                      -559,
		"+3":                         300,
		"0":                          0,
		"-0,00":                      0,
		"007,10":                     710,
		"1.234,56":                   123456,
		"1234,56":                    123456,
		"1.234.567,8":                123456780,
		"12.345,00":                  1234500,
		"€ 2,70":                     270,
		"€2,70":                      270,
		"2,70 €":                     270,
		"2,70€":                      270,
		"-€ 2,70":                    -270,
		"€ -2,70":                    -270,
		"-2,70 €":                    -270,
		"  2,70\t":                   270,
		"\u00a02,70\u00a0€":          270,
		"92233720368547758,07":       math.MaxInt64,
		"-92.233.720.368.547.758,08": math.MinInt64,
	} {
		got, err := ParseCents(in)
		if err != nil || got != want {
			t.Errorf("ParseCents(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
}

func TestParseCents_refusesWhatIsNotAnAmount(t *testing.T) {
	for _, in := range []string{
		"", " ", "€", "-", "+", "-€", ",", ".", "4,5x", "x4,5", "1,2,3", "1.2.3", "1.23,4", "1.2345,00", "1234.567,00",
		".234,00", "1..234,00", "1.234", "1,234", "2,700", "2,", "2.", ",50", ".50", "1,234.56", "1.234.567", "--1",
		"+-1", "- 1", "1 000", "1'000,00", "€ 2 €", "2 EUR", "1e3", "0x10", "NaN", "٣", "２", "−1",
		"92233720368547758,08", "-92233720368547758,09", "99999999999999999999999999", "184467440737095516,16",
	} {
		if got, err := ParseCents(in); err == nil {
			t.Errorf("ParseCents(%q) = %d; want an error", in, got)
		}
	}
}

func TestCentsString_groupsThousands(t *testing.T) {
	for c, want := range map[Cents]string{
		0: "0,00", 5: "0,05", -5: "-0,05", 270: "2,70", -559: "-5,59", 99999: "999,99", 100000: "1.000,00",
		123456: "1.234,56", -123456789: "-1.234.567,89", math.MinInt64: "-92.233.720.368.547.758,08",
	} {
		if got := c.String(); got != want {
			t.Errorf("Cents(%d).String() = %q; want %q", int64(c), got, want)
		}
	}
}

func TestCentsPercent_roundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		amount Cents
		p      int
		want   Cents
	}{
		{270, 100, 270}, {270, 50, 135}, {270, 0, 0}, {270, 33, 89}, {50, 5, 3}, {-50, 5, -3}, {50, -5, -3}, {49, 1, 0},
		{50, 1, 1}, {149, 1, 1}, {150, 1, 2}, {-149, 1, -1}, {-150, 1, -2}, {270, 150, 405},
		{math.MaxInt64, 100, math.MaxInt64}, {math.MinInt64, 100, math.MinInt64}, {math.MaxInt64, 1, 92233720368547758},
	} {
		if got := c.amount.Percent(c.p); got != c.want {
			t.Errorf("Cents(%d).Percent(%d) = %d; want %d", c.amount, c.p, got, c.want)
		}
	}
}

func TestCentsTimes_multipliesExactly(t *testing.T) {
	// "17 x 4,15 = 70,49" is what a competitor's floats once printed.
	for _, c := range []struct {
		amount Cents
		n      int
		want   Cents
	}{
		{415, 17, 7055}, {270, 0, 0}, {-270, 3, -810}, {270, -3, -810}, {-270, -3, 810},
		{math.MinInt64, 1, math.MinInt64}, {1, math.MinInt64, math.MinInt64}, {math.MaxInt64, -1, -math.MaxInt64},
	} {
		if got := c.amount.Times(c.n); got != c.want {
			t.Errorf("Cents(%d).Times(%d) = %d; want %d", c.amount, c.n, got, c.want)
		}
	}
}

func TestCents_overflowPanicsWithASentence(t *testing.T) {
	for name, f := range map[string]func(){
		"Times":                func() { Cents(math.MaxInt64).Times(2) },
		"Times of the minimum": func() { Cents(math.MinInt64).Times(-1) },
		"Times beyond 64 bits": func() { Cents(math.MaxInt64).Times(math.MaxInt64) },
		"Percent":              func() { Cents(math.MaxInt64).Percent(101) },
		"Percent far beyond":   func() { Cents(math.MaxInt64).Percent(math.MaxInt64) },
		"Split by a negative":  func() { Split(10, []int64{1, -1, 2}) },
		"Split by nothing":     func() { Split(10, nil) },
		"Split by zeros":       func() { Split(10, []int64{0, 0}) },
		"Split by too much":    func() { Split(10, []int64{math.MaxInt64, math.MaxInt64, math.MaxInt64}) },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, f) })
	}
}

// wantPanic fails unless f panics with a sentence of this package.
func wantPanic(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if r := recover(); r == nil || !strings.HasPrefix(fmt.Sprint(r), "canteen: ") {
			t.Errorf("recovered %v; want a panic that begins with %q", r, "canteen: ")
		}
	}()
	f()
}

// wantInvalid fails unless err is a refusal of that field.
func wantInvalid(t *testing.T, err error, field string) {
	t.Helper()
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindInvalid || e.Field != field || e.Key == "" {
		t.Errorf("error %v; want an invalid %s", err, field)
	}
}

func TestSplit_sharesByLargestRemainder(t *testing.T) {
	for _, c := range []struct {
		total   Cents
		weights []int64
		want    []Cents
	}{
		{100, []int64{1, 1, 1}, []Cents{34, 33, 33}},
		{101, []int64{1, 1, 1}, []Cents{34, 34, 33}},
		{-100, []int64{1, 1, 1}, []Cents{-34, -33, -33}},
		{10, []int64{1, 2}, []Cents{3, 7}},
		{100, []int64{0, 1, 0}, []Cents{0, 100, 0}},
		{1, []int64{1, 3, 3}, []Cents{0, 1, 0}},
		{5400, []int64{270, 135, 0}, []Cents{3600, 1800, 0}},
		{0, nil, nil},
		{0, []int64{0, 0}, []Cents{0, 0}},
		{math.MinInt64, []int64{1}, []Cents{math.MinInt64}},
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []Cents{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
	} {
		if got := Split(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("Split(%d, %v) = %v; want %v", int64(c.total), c.weights, got, c.want)
		}
	}
}

func FuzzParseCents(f *testing.F) {
	for _, s := range []string{"2,70", "-1.234,56", "€ 3", "4,5x", "1.234", "-92233720368547758,08"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCents(s)
		if err != nil {
			if c != 0 {
				t.Errorf("ParseCents(%q) = %d with error %v; want 0", s, c, err)
			}
			return
		}
		if back, err := ParseCents(c.String()); err != nil || back != c {
			t.Errorf("ParseCents(%q) = %d, written %q, read back as %d, %v", s, c, c, back, err)
		}
	})
}

func FuzzCentsRoundTrip(f *testing.F) {
	f.Add(int64(0))
	f.Add(int64(math.MinInt64))
	f.Fuzz(func(t *testing.T, n int64) {
		if back, err := ParseCents(Cents(n).String()); err != nil || back != Cents(n) {
			t.Errorf("Cents(%d) written %q, read back as %d, %v", n, Cents(n), back, err)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(int64(100), int64(1), int64(1), int64(1))
	f.Add(int64(-7), int64(0), int64(3), int64(270))
	f.Fuzz(func(t *testing.T, total, a, b, c int64) {
		weights := []int64{a & math.MaxInt64, b & math.MaxInt64, c & math.MaxInt64}
		sum, overflow := uint64(0), uint64(0)
		for _, w := range weights {
			var carry uint64
			sum, carry = bits.Add64(sum, uint64(w), 0)
			overflow |= carry
		}
		if sum == 0 || overflow != 0 {
			return
		}
		var got Cents
		for i, part := range Split(Cents(total), weights) {
			got += part
			if part != 0 && (part < 0) != (total < 0) {
				t.Errorf("Split(%d, %v): part %d is %d, of the other sign", total, weights, i, part)
			}
			if weights[i] == 0 && part != 0 {
				t.Errorf("Split(%d, %v): part %d of weight zero is %d", total, weights, i, part)
			}
		}
		if got != Cents(total) {
			t.Errorf("Split(%d, %v) sums to %d", total, weights, got)
		}
	})
}
