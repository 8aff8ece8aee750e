package intake

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"refettorio/canteen"
)

// The marks at the head of a file that say what it is.
var (
	markUTF8    = []byte("\xef\xbb\xbf")
	markUTF16LE = []byte("\xff\xfe")
	markUTF16BE = []byte("\xfe\xff")
	markXLSX    = []byte("PK\x03\x04")
	markXLS     = []byte("\xd0\xcf\x11\xe0")
)

// decode returns a file's bytes as a stream of UTF-8. A byte order mark decides;
// without one, what is not valid UTF-8 is windows-1252, as Excel saves "CSV" in
// Italy. Every byte has a meaning in windows-1252, so only a file that declares
// an encoding can break it.
func decode(raw []byte) (io.Reader, error) {
	switch {
	case bytes.HasPrefix(raw, markXLSX), bytes.HasPrefix(raw, markXLS):
		return nil, canteen.Invalid("", "error.import.workbook")
	case bytes.HasPrefix(raw, markUTF16LE), bytes.HasPrefix(raw, markUTF16BE):
		if len(raw)%2 != 0 {
			return nil, canteen.Invalid("", "error.import.encoding")
		}
		return utf.UTF16(utf.LittleEndian, utf.ExpectBOM).NewDecoder().Reader(bytes.NewReader(raw)), nil
	case bytes.HasPrefix(raw, markUTF8):
		raw = raw[len(markUTF8):]
		if !utf8.Valid(raw) {
			return nil, canteen.Invalid("", "error.import.encoding")
		}
		return bytes.NewReader(raw), nil
	case utf8.Valid(raw):
		return bytes.NewReader(raw), nil
	}
	return charmap.Windows1252.NewDecoder().Reader(bytes.NewReader(raw)), nil
}

// clean normalises the text of a cell: Unicode form NFC, so that one name is
// always the same bytes; runs of blanks, no-break spaces and line ends made one
// space, none at the ends; marks that are not seen (zero-width spaces, writing
// direction) dropped. A tab that begins a cell is kept, for [row.text] to refuse.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.Is(unicode.Cf, r):
		case r == '\t' && b.Len() == 0:
			b.WriteRune(r)
		case unicode.IsSpace(r):
			gap = b.Len() > 0
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isClean tells, for the many cells of plain ASCII, that there is nothing to do.
func isClean(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			return false
		case c == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' '):
			return false
		}
	}
	return true
}

// unescape takes off the apostrophe that an export of ours, or a careful other
// one, puts before a cell a spreadsheet would run.
func unescape(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@\t", s[1]) >= 0 {
		return s[1:]
	}
	return s
}

// fold reduces a header or a fixed word to what people mean by it: letters and
// digits only, without case or accents. "Cod. mecc." is "codmecc", "Sì" is "si".
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// abbreviate cuts a text that goes into a message.
func abbreviate(s string) string {
	const most = 60
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
