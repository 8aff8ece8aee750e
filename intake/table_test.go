package intake

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// encodings write UTF-8 text as files come.
var encodings = map[string]func(string) string{
	"UTF-8":        func(s string) string { return s },
	"UTF-8 BOM":    func(s string) string { return "\xef\xbb\xbf" + s },
	"UTF-16LE BOM": func(s string) string { return "\xff\xfe" + utf16Bytes(s, 0, 1) },
	"UTF-16BE BOM": func(s string) string { return "\xfe\xff" + utf16Bytes(s, 1, 0) },
	"windows-1252": func(s string) string {
		encoded, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil {
			panic(err)
		}
		return encoded
	},
}

func utf16Bytes(s string, low, high int) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		pair := [2]byte{}
		pair[low], pair[high] = byte(u), byte(u>>8)
		b.Write(pair[:])
	}
	return b.String()
}

func TestTable_readsEveryEncodingSeparatorAndLineEnd(t *testing.T) {
	rows := [][]string{{"PAN", "Nome è", "Nota"}, {"1", "Niccolò", "€ 2,70; o\tno"}, {"2", "Ànna", ""}}
	for encoding, encode := range encodings {
		for _, comma := range []string{";", "\t", ","} {
			for _, newline := range []string{"\r\n", "\n", "\r"} {
				for _, declared := range []bool{false, true} {
					name := fmt.Sprintf("%s %q %q declared %v", encoding, comma, newline, declared)
					text, first := "", 1
					if declared {
						text, first = "sep="+comma+newline, 2
					}
					for _, cells := range rows {
						text += `"` + strings.Join(cells, `"`+comma+`"`) + `"` + newline
					}
					tab, err := newTable(strings.NewReader(encode(text)))
					if err != nil {
						t.Errorf("%s: %v", name, err)
						continue
					}
					if !reflect.DeepEqual(tab.header, rows[0]) || tab.headerLine != first {
						t.Errorf("%s: header %q on line %d; want %q on line %d", name, tab.header, tab.headerLine, rows[0], first)
					}
					want := [][]string{{"1", "Niccolò", "€ 2,70; o no"}, rows[2]}
					for i, cells := range want {
						rec, err := tab.next()
						if err != nil || rec.problem != nil || rec.line != first+1+i || !reflect.DeepEqual(rec.cells, cells) {
							t.Errorf("%s: row %+v, %v; want %q on line %d", name, rec, err, cells, first+1+i)
						}
					}
					if _, err := tab.next(); err != io.EOF {
						t.Errorf("%s: after the last row %v; want io.EOF", name, err)
					}
				}
			}
		}
	}
}

func TestTable_namesTheRealLineOfEachRow(t *testing.T) {
	text := "\r\n;;\r\nA;B\r\n\r\n1;\"due\r\nrighe\"\r\n ; \u00a0\r\n2;x\r\n"
	tab, err := newTable(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if tab.headerLine != 3 {
		t.Errorf("header on line %d; want 3", tab.headerLine)
	}
	for _, want := range []struct {
		line  int
		cells []string
	}{{5, []string{"1", "due righe"}}, {8, []string{"2", "x"}}} {
		rec, err := tab.next()
		if err != nil || rec.line != want.line || !reflect.DeepEqual(rec.cells, want.cells) {
			t.Errorf("row %+v, %v; want %q on line %d", rec, err, want.cells, want.line)
		}
	}
}

func TestTable_cleansCells(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                    "plain",
		"  De \u00a0 Santis\u00a0": "De Santis",
		"Niccolo\u0300":            "Niccolò", // decomposed, as macOS writes it
		"a\u200bb\u00ad\ufeff":     "ab",
		"uno\ndue\ttre":            "uno due tre",
		"\t=1+1":                   "\t=1+1", // kept for text to refuse
		"ʻOkina ﬁ":                 "ʻOkina ﬁ",
		"":                         "",
		" ":                        "",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q; want %q", in, got, want)
		}
	}
}

// Our own exports put an apostrophe before what a spreadsheet would run; they are
// read back as they were meant.
func TestTable_takesOffTheApostropheOfAnExport(t *testing.T) {
	for in, want := range map[string]string{
		"'+39 333 0000101": "+39 333 0000101", "'-5,40": "-5,40", "'=1+1": "=1+1", "'@x": "@x", "'\t=1": "\t=1",
		"'O Vesuvio": "'O Vesuvio", "'": "'", "''": "''", "": "",
	} {
		if got := unescape(in); got != want {
			t.Errorf("unescape(%q) = %q; want %q", in, got, want)
		}
	}
	res, err := Balances(strings.NewReader(balancesHeader + "1;'-5,40\n"))
	if err != nil || len(res.Rows) != 1 || res.Rows[0].Balance != -540 {
		t.Errorf("%v: %+v, refused %s; want a balance of -540", err, res.Rows, list(res.Refused))
	}
}

func TestTable_countsSeparatorsOutsideQuotesOfTheFirstLineThatSpeaks(t *testing.T) {
	for head, want := range map[string]byte{
		"A;B;C,D\n":                     ';',
		"\"a,b,c,d\";B\n":               ';',
		"A\tB\tC;D\n":                   '\t',
		"A,B,C\n1;2;3;4;5\n":            ',',
		"Saldo\n":                       ';', // one column
		"A;B,C\n":                       ';', // as many of each: the Italian one
		"\n,,,\n\"x\ny,,,,,\";B\n1,2\n": ';',
	} {
		if got := mostFrequent([]byte(head)); got != want {
			t.Errorf("separator of %q is %q; want %q", head, got, want)
		}
	}
}

func TestTable_refusesWhatIsNoTable(t *testing.T) {
	wide := strings.Repeat("x;", maxColumns) + "x\n"
	for _, c := range []struct {
		name, text, key string
		args            []any
	}{
		{"nothing", "", "error.import.empty", nil},
		{"blank lines", "\r\n;;;\r\n \r\n", "error.import.empty", nil},
		{"a mark alone", "\xef\xbb\xbf", "error.import.empty", nil},
		{"a separator alone", "sep=;\r\n", "error.import.empty", nil},
		{"an unknown separator", "sep=|\r\nA|B\r\n", "error.import.separator", []any{"|"}},
		{"a workbook", "PK\x03\x04rest", "error.import.workbook", nil},
		{"an old workbook", "\xd0\xcf\x11\xe0rest", "error.import.workbook", nil},
		{"UTF-8 that is not", "\xef\xbb\xbfA;B\n\xe8;1\n", "error.import.encoding", nil},
		{"half a UTF-16 letter", "\xff\xfeA\x00B", "error.import.encoding", nil},
		{"UTF-16 without a mark", "A\x00;\x00B\x00", "error.import.nul", []any{1}},
		{"too many columns", wide, "error.import.columns", []any{maxColumns + 1, maxColumns}},
		{"a broken separator line", "sep=;a\"b\nPAN;Saldo\n", "error.import.headerQuotes", []any{1}},
		{"a broken header", "A;\"b\"c\n1;2\n", "error.import.headerQuotes", []any{1}},
	} {
		_, err := newTable(strings.NewReader(c.text))
		if e := refusal(t, err); e.Key != c.key || !reflect.DeepEqual(e.Args, c.args) {
			t.Errorf("%s: %v; want %s %v", c.name, e, c.key, c.args)
		}
	}
}

func TestTable_reportsAFailingReaderAsItIs(t *testing.T) {
	_, err := newTable(io.MultiReader(strings.NewReader("A;B\n"), failing{}))
	if err == nil || !strings.Contains(err.Error(), errDisk.Error()) {
		t.Errorf("error %v; want it to carry %v", err, errDisk)
	}
}

var errDisk = fmt.Errorf("disk on fire")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDisk }

func TestTable_refusesARowAndGoesOn(t *testing.T) {
	text := "PAN;Saldo\n1;2;3\n2;a\"b\n3;\"c\"d\n4\n5;6;;\n7;8\n"
	res, err := Balances(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	want := map[int]string{
		2: "error.import.fields", 3: "error.import.rowQuotes", 4: "error.import.rowQuotes", 5: "error.import.required",
	}
	if len(res.Refused) != len(want) || len(res.Rows) != 2 {
		t.Fatalf("%d rows, refused %s; want 2 rows, refusals %v", len(res.Rows), list(res.Refused), want)
	}
	for _, r := range res.Refused {
		if r.Reason.Key != want[r.Line] {
			t.Errorf("line %d: %v; want %s", r.Line, r.Reason, want[r.Line])
		}
	}
}
