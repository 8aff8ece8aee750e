package documents

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// readCSV reads a file as a spreadsheet does.
func readCSV(t testing.TB, file []byte) [][]string {
	t.Helper()
	body, ok := bytes.CutPrefix(file, []byte("\ufeff"))
	if !ok {
		t.Fatalf("the file has no byte order mark: %q", file[:min(len(file), 20)])
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v in\n%s", err, file)
	}
	return rows
}

func TestCSV_cellsByType(t *testing.T) {
	for _, c := range []struct {
		cell Cell
		want string
	}{
		{Text("Rossi"), "Rossi"},
		{Text(""), ""},
		{Text(`D'Amico "Gino"; detto`), `"D'Amico ""Gino""; detto"`},
		{Text("due\nrighe"), "\"due\nrighe\""},
		{Text(" spazi "), `" spazi "`},
		{Text("=1+1"), "'=1+1"},
		{Text("+39 333"), "'+39 333"},
		{Text("-5,59"), `"'-5,59"`},
		{Text("@SUM(A1)"), "'@SUM(A1)"},
		{Text("\t=1"), "\"'\t=1\""},
		{Text("\r=1"), "\"'\r=1\""},
		{Text("a=b"), "a=b"},
		{Text("rotto\xff"), "rotto\ufffd"},
		{Int(-3), "-3"},
		{Money(-5_59), "-5,59"},
		{Money(1234_50), "1234,50"},
		{Money(-1234567_00), "-1234567,00"},
		{Day(lunchDay), "14/10/2026"},
		{Day(0), ""},
		{Moment(time.Date(2026, 10, 14, 7, 30, 2, 0, time.UTC)), "14/10/2026 09:30:02"},
		{Moment(time.Time{}), ""},
	} {
		got := write(t, func(b *bytes.Buffer) error {
			w := NewCSV(b)
			w.Row(c.cell, Int(1))
			return w.Flush()
		})
		if want := "\ufeff" + c.want + ";1\r\n"; string(got) != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMoney_isReadBack(t *testing.T) {
	for _, want := range []canteen.Cents{0, 1, -1, 270, -559, 123456, -100000001} {
		if got, err := canteen.ParseCents(Money(want).field); err != nil || got != want {
			t.Errorf("%d written as %q is read as %d, %v", want, Money(want).field, got, err)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("disk full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestCSV_keepsTheFirstFailure(t *testing.T) {
	c := NewCSV(brokenWriter{})
	for range 1000 {
		c.Row(Text("una riga abbastanza lunga da passare il buffer"))
	}
	if err := c.Flush(); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "=1", "-", "a;b", `"`, "\r\n", "'=1", "\ufeff", "\x00=1", "\xff", "\t", " x", "è\n=2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		file := write(t, func(b *bytes.Buffer) error {
			c := NewCSV(b)
			c.Row(Text("prima"), Text(s), Text("dopo"))
			return c.Flush()
		})
		rows := readCSV(t, file)
		if len(rows) != 1 || len(rows[0]) != 3 || rows[0][0] != "prima" || rows[0][2] != "dopo" {
			t.Fatalf("%q tore the row: %q", s, rows)
		}
		got := rows[0][1]
		if got != "" && strings.Contains("=+-@\t\r\n", got[:1]) {
			t.Errorf("%q is written as %q, which a spreadsheet computes", s, got)
		}
		// encoding/csv reads CRLF inside a cell as LF.
		want := strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", ""), "\r\n", "\n")
		if got != want && got != "'"+want {
			t.Errorf("%q is read back as %q", s, got)
		}
	})
}
