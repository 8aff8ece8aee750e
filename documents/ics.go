package documents

import (
	"bufio"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"refettorio/canteen"
)

// Event is a whole day, or several, of a calendar.
type Event struct {
	UID         string       // the same event keeps it for ever: "2026-10-14-4100010@mensa.comune.it"
	First       canteen.Date // its first day
	Last        canteen.Date // its last day, included; no date means First
	Summary     string
	Description string    // may be empty and may have several lines
	Stamp       time.Time // when the event was last known to be so (DTSTAMP)
}

// Calendar writes events as iCalendar (RFC 5545) to subscribe to. Its events
// are days, not appointments: they do not make their owner busy.
func Calendar(w io.Writer, name string, events []Event) error {
	c := icsWriter{bufio.NewWriter(w)}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Refettorio//Refettorio//IT")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.line("NAME", icsText(name))
	c.line("X-WR-CALNAME", icsText(name)) // what clients read in place of NAME, RFC 7986
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	c.line("X-PUBLISHED-TTL", "PT1H")
	for i := range events {
		c.event(&events[i])
	}
	c.line("END", "VCALENDAR")
	return c.w.Flush()
}

type icsWriter struct{ w *bufio.Writer }

func (c icsWriter) event(e *Event) {
	last := max(e.First, e.Last)
	c.line("BEGIN", "VEVENT")
	c.line("UID", icsText(e.UID))
	c.line("DTSTAMP", e.Stamp.UTC().Format("20060102T150405Z"))
	c.line("DTSTART;VALUE=DATE", icsDate(e.First))
	c.line("DTEND;VALUE=DATE", icsDate(last.AddDays(1))) // the first day after the event
	c.line("SUMMARY", icsText(e.Summary))
	if e.Description != "" {
		c.line("DESCRIPTION", icsText(e.Description))
	}
	c.line("CLASS", "PRIVATE")
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

// icsWidth is the most octets of a line, without its end (RFC 5545 §3.1).
const icsWidth = 75

// line writes a content line, folded between runes. Its error is left to the
// last Flush, which repeats the first failure.
func (c icsWriter) line(name, value string) {
	s, room := name+":"+value, icsWidth
	for len(s) > room {
		cut := room
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		_, _ = c.w.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], icsWidth-1 // the space in front counts
	}
	_, _ = c.w.WriteString(s + "\r\n")
}

var icsEscaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// icsText escapes a text value (RFC 5545 §3.3.11) and drops control characters,
// which the format has no way to write.
func icsText(s string) string {
	s = icsEscaper.Replace(strings.ToValidUTF8(s, "\ufffd"))
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

func icsDate(d canteen.Date) string { return strings.ReplaceAll(d.String(), "-", "") }
