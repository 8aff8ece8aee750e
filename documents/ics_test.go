package documents

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func sampleCalendar(t testing.TB) []byte {
	stamp := time.Date(2026, 10, 14, 7, 30, 2, 0, time.UTC)
	return write(t, func(b *bytes.Buffer) error {
		return Calendar(b, "Mensa: Ginevra, Élodie", []Event{
			{UID: "2026-10-14-4100010@mensa.example.it", First: lunchDay, Summary: "Oggi mangia: standard", Stamp: stamp},
			{
				UID: "chiusura-7@mensa.example.it", First: lunchDay.AddDays(5), Last: lunchDay.AddDays(7), Stamp: stamp,
				Summary:     "Mensa chiusa; sciopero, \"plesso\" Rodari\\Collodi",
				Description: "Perché: " + strings.Repeat("così è più lungo di settantacinque ottetti – ", 4) + "\nFine.",
			},
		})
	})
}

func TestCalendar_golden(t *testing.T) { golden(t, "calendar.ics", sampleCalendar(t)) }

func TestCalendar_foldsBetweenRunes(t *testing.T) {
	file := string(sampleCalendar(t))
	for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > icsWidth || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d octets, valid %v: %q", len(line), utf8.ValidString(line), line)
		}
	}
	unfolded := strings.ReplaceAll(file, "\r\n ", "")
	want := "DESCRIPTION:Perché: " + strings.Repeat("così è più lungo di settantacinque ottetti – ", 4) + `\nFine.` + "\r\n"
	if !strings.Contains(unfolded, want) {
		t.Errorf("unfolded, the file lacks %q:\n%s", want, unfolded)
	}
}

func TestCalendar_wordsCannotBreakOut(t *testing.T) {
	file := string(write(t, func(b *bytes.Buffer) error {
		return Calendar(b, "x\r\nX-EVIL:1", []Event{{
			UID: "1\nEND:VEVENT", First: lunchDay, Stamp: cutoff,
			Summary: "gita\r\nATTACH:http://example.com", Description: "a\rb\x07\xff",
		}})
	}))
	unfolded := strings.ReplaceAll(file, "\r\n ", "")
	for _, bad := range []string{"\nX-EVIL", "\nATTACH", "\rb", "\x07", "\xff"} {
		if strings.Contains(unfolded, bad) {
			t.Errorf("%q got into\n%s", bad, file)
		}
	}
	if n := strings.Count(unfolded, "\r\nEND:VEVENT"); n != 1 {
		t.Errorf("%d events end, want 1:\n%s", n, file)
	}
	if want := `SUMMARY:gita\nATTACH:http://example.com`; !strings.Contains(unfolded, want) {
		t.Errorf("no %q in\n%s", want, file)
	}
}
