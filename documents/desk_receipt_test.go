package documents

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"

	"refettorio/canteen"
)

// The sentences of the counter's papers.
func init() {
	maps.Copy(italian, map[string]string{
		"document.desk.title": "Ricevuta %s", "document.desk.person": "Per conto di", "document.desk.pupil": "Alunno", "document.desk.days": "Giorni",
		"document.desk.more": "e altri %d periodi", "document.desk.range": "da %s a %s", "document.desk.received": "Ricevuta il",
		"document.desk.at": "%s, ore %s", "document.desk.operator": "Operatore", "document.desk.act": "Che cosa", "document.desk.receipt": "Numero della ricevuta",
		"document.desk.heard": "Detto dalla famiglia", "document.desk.heardAt": "alle %s", "document.desk.why": "Perché dopo",
		"document.desk.request": "Decide l’ufficio.", "document.desk.next": "Che cosa fare adesso", "document.desk.step1": "Iscrivi tuo figlio.", "document.desk.step2": "Porta il certificato.",
		"document.desk.step3": "Conserva questa ricevuta.", "document.desk.signPerson": "Firma della persona", "document.desk.signOperator": "Firma dell’operatore",
	})
}

func sampleDeskReceipt(ranges int) *DeskReceipt {
	at := time.Date(2026, 11, 25, 8, 45, 3, 0, canteen.Rome())
	r := &DeskReceipt{Town: "Comune di Borgoluce", Number: "2026/000089", Act: "Assenza registrata", Operator: "Dora Sportelli",
		Person: "Mario Massimiliano Bianchi della Serra", Pupil: "Zoe Bianchi", PAN: "100200307", Received: at, Issued: at.Add(time.Hour)}
	for i := range ranges {
		day := canteen.NewDate(2026, 11, 26).AddDays(7 * i)
		r.Days = append(r.Days, [2]canteen.Date{day, day.AddDays(i % 2)})
	}
	return r
}

func deskPDF(t testing.TB, r *DeskReceipt) []byte {
	fonts := testFonts(t)
	return write(t, func(b *bytes.Buffer) error { return DeskReceiptPDF(b, words(t), fonts, r) })
}

// TestDeskReceiptPDF_bothNamesOnOnePage: whatever the act, the paper has the
// names, the lines to sign and one page.
func TestDeskReceiptPDF_bothNamesOnOnePage(t *testing.T) {
	for _, ranges := range []int{0, 1, 2, 40} {
		r := sampleDeskReceipt(ranges)
		r.FirstSteps = ranges == 0
		text := extract(t, deskPDF(t, r), "pdftotext", "-layout", "FILE", "-")
		for _, want := range []string{"Ricevuta 2026/000089", r.Person, r.Operator, "Zoe Bianchi", "100200307", "08:45:03", "Firma della persona", "Firma dell’operatore", "pagina 1 di 1"} {
			if !strings.Contains(text, want) {
				t.Errorf("%d ranges of days: no %q in\n%s", ranges, want, text)
			}
		}
		if more := strings.Contains(text, "e altri 28 periodi"); more != (ranges == 40) {
			t.Errorf("%d ranges of days: more %t in\n%s", ranges, more, text)
		}
		if steps := strings.Contains(text, "Che cosa fare adesso"); steps != r.FirstSteps {
			t.Errorf("%d ranges of days: next steps %t", ranges, steps)
		}
	}
}

func TestDeskReceiptPDF_saysWhenTheFamilyCalled(t *testing.T) {
	r := sampleDeskReceipt(1)
	r.Heard, r.Why, r.Request = r.Received.Add(-35*time.Minute), "Servizio fermo", true
	text := extract(t, deskPDF(t, r), "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{"alle 08:10", "Servizio fermo", "Decide l’ufficio.", "08:45:03"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestDeskReceiptPDF_isTaggedAndNamesNobodyInItsTitle(t *testing.T) {
	info := extract(t, deskPDF(t, sampleDeskReceipt(1)), "pdfinfo", "FILE")
	if !strings.Contains(info, "Ricevuta 2026/000089") || strings.Contains(info, "Bianchi") || !strings.Contains(info, "Tagged:          yes") {
		t.Errorf("got\n%s", info)
	}
}

func TestDeskCSV(t *testing.T) {
	at := time.Date(2026, 11, 25, 8, 45, 3, 0, canteen.Rome())
	got := string(write(t, func(b *bytes.Buffer) error {
		return DeskCSV(b, words(t), &DeskList{Acts: []DeskAct{{At: at, Number: "2026/000089", Operator: "Dora", Person: "=Mario", Act: "Assenza registrata"}}})
	}))
	if !strings.Contains(got, "25/11/2026 08:45:03;Dora;'=Mario;;Assenza registrata;2026/000089\r\n") {
		t.Errorf("got %q", got)
	}
}
