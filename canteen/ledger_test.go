package canteen

import (
	"testing"
)

// TestEntry_ValidateStopsMoneyOutOfNothing: an entry no code of ours may write
// stops the transaction that tries.
func TestEntry_ValidateStopsMoneyOutOfNothing(t *testing.T) {
	pan := NewPAN(7)
	for name, e := range map[string]Entry{
		"unbalanced":    {ID: "x", Postings: []Posting{{LedgerOf(pan), 100}, {LedgerIncome, -99}}},
		"one side":      {ID: "x", Postings: []Posting{{LedgerOf(pan), 100}}},
		"nothing moved": {ID: "x", Postings: Transfer(LedgerTakings, LedgerOf(pan), 0)},
		"without an id": {Postings: Transfer(LedgerTakings, LedgerOf(pan), 100)},
		"no postings":   {ID: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v passed", e)
				}
			}()
			e.Validate()
		})
	}
	good := Entry{ID: "x", Postings: Transfer(LedgerTakings, LedgerOf(pan), 100)}
	good.Validate()
}

func TestLedger_Pupil(t *testing.T) {
	pan, err := ParsePAN("0042")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := LedgerOf(pan).Pupil(); !ok || got != pan {
		t.Errorf("ledger %q: pupil %s, %t; want %s", LedgerOf(pan), got, ok, pan)
	}
	for _, l := range []Ledger{LedgerIncome, LedgerTakings, "pan/", "pan/x", ""} {
		if p, ok := l.Pupil(); ok {
			t.Errorf("ledger %q belongs to pupil %s", l, p)
		}
	}
}

func TestReceiptNumber_roundTrip(t *testing.T) {
	for _, n := range []ReceiptNumber{{}, {2026, 1}, {2026, 4183}, {2030, 1_234_567}} {
		text, err := n.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back ReceiptNumber
		if err := back.UnmarshalText(text); err != nil || back != n {
			t.Errorf("%q read back as %v, %v; want %v", text, back, err, n)
		}
	}
	if got := (ReceiptNumber{2026, 4183}).String(); got != "2026/004183" {
		t.Errorf("written %q, want 2026/004183", got)
	}
	for _, bad := range []string{"2026", "2026-004183", "x026/1", "2026/", "2026/x", "2026/0"} {
		if err := new(ReceiptNumber).UnmarshalText([]byte(bad)); KindOf(err) != KindInvalid {
			t.Errorf("%q: %v, want invalid", bad, err)
		}
	}
}
