package documents

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

func sampleReceipt() *RequestReceipt {
	return &RequestReceipt{Town: "Comune di Roccaforte", Title: "Ricevuta della domanda di iscrizione alla mensa",
		Number: canteen.ReceiptNumber{Year: 2026, N: 89}, Received: time.Date(2026, 10, 14, 6, 45, 3, 0, time.UTC),
		Officer: "dott.ssa Carla Bianchi", Due: canteen.NewDate(2026, 11, 13),
		Facts: []Fact{{"Alunno", "Ginevra D'Alò"}, {"Scuola", "Primaria Rodari, 2A"}}, Next: []string{"La scuola convalida.", "Ti avvisiamo."}}
}

func receiptPDF(t testing.TB, r *RequestReceipt) []byte {
	fonts := testFonts(t)
	return write(t, func(b *bytes.Buffer) error { return RequestReceiptPDF(b, words(t), fonts, r) })
}

func TestRequestReceiptPDF_saysNumberDatesAndWhoAnswers(t *testing.T) {
	text := extract(t, receiptPDF(t, sampleReceipt()), "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{"Comune di Roccaforte", "2026/000089", "mercoledì 14 ottobre 2026, ore 08:45", "dott.ssa Carla Bianchi",
		"venerdì 13 novembre 2026", "Ginevra D'Alò", "Primaria Rodari, 2A", "La scuola convalida.", "pagina 1 di 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestRequestReceiptPDF_keepsTheNameOutOfTheTitleAndIsTagged(t *testing.T) {
	info := extract(t, receiptPDF(t, sampleReceipt()), "pdfinfo", "FILE")
	if strings.Contains(info, "Alò") || !strings.Contains(info, "2026/000089") || !strings.Contains(strings.Join(strings.Fields(info), " "), "Tagged: yes") {
		t.Errorf("got\n%s", info)
	}
}

func TestRequestReceiptPDF_sameInputSameBytes(t *testing.T) {
	if !bytes.Equal(receiptPDF(t, sampleReceipt()), receiptPDF(t, sampleReceipt())) {
		t.Error("two drawings of one receipt differ")
	}
}

func TestRequestReceiptPDF_wordsStayWordsAndGoOnToTheNextPage(t *testing.T) {
	for _, name := range injections {
		r := sampleReceipt()
		r.Town, r.Officer = name, name
		for range 40 {
			r.Facts = append(r.Facts, Fact{name, strings.Repeat(name+" ", 20)})
		}
		text := extract(t, receiptPDF(t, r), "pdftotext", "-layout", "FILE", "-")
		if !strings.Contains(text, "2026/000089") || !strings.Contains(text, "Ti avvisiamo.") || strings.Contains(text, "pagina 1 di 1") {
			t.Errorf("%q broke the page:\n%.600s", name, text)
		}
	}
}
