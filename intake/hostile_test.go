package intake

import (
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"refettorio/canteen"
)

// endless gives a pattern over and over, up to a number of bytes, without
// holding it.
func endless(pattern string, total int) io.Reader {
	return io.LimitReader(&repeating{pattern: pattern}, int64(total))
}

type repeating struct {
	pattern string
	at      int
}

func (r *repeating) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r.pattern[r.at]
		r.at = (r.at + 1) % len(r.pattern)
	}
	return len(p), nil
}

// allocated returns how many bytes a function asks for in all, garbage included:
// an upper bound of what it ever holds.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestHostile_theWholeFileIsRefusedWithItsLine(t *testing.T) {
	const header = "PAN;Saldo\n1;2\n"
	for _, c := range []struct {
		name string
		file io.Reader
		key  string
		args []any
		most uint64 // bytes allocated
	}{
		{"NUL", strings.NewReader(header + "2;\x003\n"), "error.import.nul", []any{3}, 1 << 20},
		{"a line of 10 MB", io.MultiReader(strings.NewReader(header), endless("9", 10<<20), strings.NewReader("\n3;4\n")),
			"error.import.lineTooLong", []any{3, 64}, 64 << 20},
		{"a header of 10 MB", endless("a;", 10<<20), "error.import.lineTooLong", []any{1, 64}, 64 << 20},
		{"an unclosed quote", strings.NewReader(header + "2;3\n\"4;5\n6;7\n"), "error.import.quote", []any{4}, 1 << 20},
		{"an unclosed quote in a later field of many lines", strings.NewReader(header + "\"a\nb\";\"c\nd\n"),
			"error.import.quote", []any{4}, 1 << 20},
		{"an unclosed quote and 50 MB", io.MultiReader(strings.NewReader(header+"2;\""), endless("3;4\n", 50<<20)),
			"error.import.quote", []any{3}, 320 << 20},
		{"an unclosed quote and one line", io.MultiReader(strings.NewReader(header+"2;\""), endless("9", 1<<20)),
			"error.import.lineTooLong", []any{3, 64}, 8 << 20},
		// Reading grows a buffer several times: five times the file, with the race detector.
		{"more than 64 MB", endless("1;2\n", 64<<20+1), "error.import.tooLarge", []any{64}, 400 << 20},
		{"too many rows", io.MultiReader(strings.NewReader("PAN;Saldo\n"), endless("x;\n", 3*(maxRows+1))),
			"error.import.rows", []any{maxRows}, 700 << 20},
	} {
		var res Result[canteen.BalanceRow]
		var err error
		used := allocated(func() { res, err = Balances(c.file) })
		if e := refusal(t, err); e.Key != c.key || !reflect.DeepEqual(e.Args, c.args) {
			t.Errorf("%s: %v; want %s %v", c.name, e, c.key, c.args)
		}
		if len(res.Rows)+len(res.Refused) > 0 {
			t.Errorf("%s: %d rows and %d refusals beside the refusal of the file", c.name, len(res.Rows), len(res.Refused))
		}
		if used > c.most {
			t.Errorf("%s: %d MB allocated; want at most %d", c.name, used>>20, c.most>>20)
		}
	}
}

// Five million fields in the widest rows that are allowed pass through, and what
// is not asked for is not held.
func TestHostile_fiveMillionFieldsAreNotHeld(t *testing.T) {
	const rows = 5_000_000 / maxColumns
	header := "PAN;Saldo" + strings.Repeat(";x", maxColumns-2) + "\n"
	row := strings.Repeat("1;", maxColumns-1) + "1\n"
	file := io.MultiReader(strings.NewReader(header), endless(row, rows*len(row)))
	var res Result[canteen.BalanceRow]
	var err error
	used := allocated(func() { res, err = Balances(file) })
	if err != nil || len(res.Rows) != 1 || len(res.Refused) != rows-1 || len(res.Warnings) != maxColumns-2 {
		t.Errorf("%v; %d rows, %d refused, %d warnings; want 1, %d repeated, %d unknown columns",
			err, len(res.Rows), len(res.Refused), len(res.Warnings), rows-1, maxColumns-2)
	}
	if used > 150<<20 {
		t.Errorf("%d MB allocated; want at most 150", used>>20)
	}
}

func TestHostile_oneLineOfFiveMillionFieldsIsRefused(t *testing.T) {
	_, err := Balances(io.MultiReader(strings.NewReader("PAN;Saldo\n"), endless("1;", 10_000_000)))
	if e := refusal(t, err); e.Key != "error.import.lineTooLong" {
		t.Errorf("%v; want error.import.lineTooLong", e)
	}
}

// What a spreadsheet would run when the office opens an export is refused when it
// comes in (OWASP, CSV injection).
func TestHostile_formulasAreRefusedInEveryTextColumn(t *testing.T) {
	for _, cell := range []string{"=1+1", "+SUM(A1)", "@SUM(1)", "-cmd|'/C calc'!A0", "\t=1", " =1+1", "\u00a0@x", "-", "--1"} {
		text := "Codice fiscale;Cognome;Nome\nVRGNTN85C12E716Y;Vergaro;\"" + cell + "\"\n"
		res, err := Guardians(strings.NewReader(text))
		if err != nil || len(res.Rows) > 0 || len(res.Refused) != 1 {
			t.Errorf("%q: %v, %d rows, refused %s; want one refusal", cell, err, len(res.Rows), list(res.Refused))
			continue
		}
		if r := res.Refused[0].Reason; r.Key != "error.import.formula" || r.Field != "Nome" {
			t.Errorf("%q: %v; want error.import.formula on Nome", cell, r)
		}
	}
	res, err := Guardians(strings.NewReader("CF;Cognome;Nome;Tel.;Indirizzo\nVRGNTN85C12E716Y;Vergaro;Antonio;+39 333 0000101;-5 scala B\n"))
	if err != nil || len(res.Rows) != 1 {
		t.Errorf("a phone with +, a text that begins with a number below zero: %v, refused %s; want a row", err, list(res.Refused))
	}
	for _, diet := range []string{"=G1 senza", "G1 =cmd", "G1 - @x"} {
		if d, problem := dietOf(diet); problem == nil || problem.Key != "error.import.formula" {
			t.Errorf("diet %q = %+v, %v; want error.import.formula", diet, d, problem)
		}
	}
}

// A cell may be as long as a line; what is said about it may not.
func TestHostile_messagesStayShort(t *testing.T) {
	long := strings.Repeat("9", 60_000)
	res, err := Balances(strings.NewReader("PAN;Saldo\n" + long + ";1\n7;" + long + "\n"))
	if err != nil || len(res.Refused) != 2 {
		t.Fatalf("%v, refused %s; want two refusals", err, list(res.Refused))
	}
	for _, r := range res.Refused {
		if n := len(r.Key) + len(r.Reason.Error()); n > 300 {
			t.Errorf("line %d: key and reason have %d bytes; want at most 300", r.Line, n)
		}
	}
}
