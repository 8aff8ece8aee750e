package documents

import (
	"bytes"
	"strings"
	"testing"
)

func statementPDF(t testing.TB, s *Statement) []byte {
	fonts := testFonts(t)
	return write(t, func(b *bytes.Buffer) error { return StatementPDF(b, words(t), fonts, s) })
}

func TestStatementCSV_golden(t *testing.T) {
	golden(t, "statement.csv", write(t, func(b *bytes.Buffer) error { return StatementCSV(b, words(t), sampleStatement(4)) }))
	golden(t, "statement_empty.csv", write(t, func(b *bytes.Buffer) error { return StatementCSV(b, words(t), sampleStatement(0)) }))
}

func TestStatement_openingAndMovementsMakeTheClosing(t *testing.T) {
	s := sampleStatement(30)
	credits, debits := s.sums()
	if got := s.Opening + credits + debits; got != s.closing() || credits != 1250_00 || debits != -81_00 {
		t.Errorf("%v %+v %+v makes %v, the last balance is %v", s.Opening, credits, debits, got, s.closing())
	}
	if empty := sampleStatement(0); empty.closing() != empty.Opening {
		t.Errorf("without movements the balance went from %v to %v", empty.Opening, empty.closing())
	}
}

func TestStatementPDF_saysEveryMovement(t *testing.T) {
	s := sampleStatement(60)
	text := extract(t, statementPDF(t, s), "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{"Comune di Roccaforte", "Ginevra D'Alò", "Codice PAN 4100010", "+1.250,00 €", "-162,00 €",
		"Ricarica pagoPA, ricevuta 2026/118", "pagina 1 di 3", "pagina 3 di 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got := strings.Count(text, "Pasto ordinato"); got != 60 {
		t.Errorf("%d meals, want 60", got)
	}
	if got := strings.Count(text, "Registrato il"); got != 3 {
		t.Errorf("the head of the table stands on %d pages, want 3", got)
	}
	for _, l := range s.Lines {
		if !strings.Contains(text, l.Balance.String()) {
			t.Errorf("the balance %v of %v is missing", l.Balance, l.Day)
		}
	}
}

func TestStatementPDF_keepsTheNameOutOfTheTitle(t *testing.T) {
	info := extract(t, statementPDF(t, sampleStatement(2)), "pdfinfo", "FILE")
	if strings.Contains(info, "Alò") || !strings.Contains(info, "Estratto del conto mensa – 4100010") {
		t.Errorf("got\n%s", info)
	}
}

func TestStatementPDF_wordsStayWords(t *testing.T) {
	for _, name := range injections {
		s := sampleStatement(1)
		s.Town, s.Pupil, s.Lines[0].What = name, name, strings.Repeat(name+" ", 30)
		file := statementPDF(t, s)
		if text := extract(t, file, "pdftotext", "FILE", "-"); !strings.Contains(text, "1.241,71") {
			t.Errorf("%q broke the page:\n%s", name, text)
		}
	}
}
