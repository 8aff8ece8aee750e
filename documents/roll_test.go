package documents

import (
	"bytes"
	"fmt"
	"maps"
	"strings"
	"testing"

	"refettorio/canteen"
)

func init() {
	maps.Copy(italian, map[string]string{
		"document.slip.title": "Tesserini PAN", "document.slip.service": "Refezione scolastica", "document.slip.place": "Classe %s, %s",
		"document.slip.pan": "Codice PAN", "document.slip.qr": "Codice QR del PAN %s",
		"document.slip.note":  "Il PAN identifica il bambino nella mensa. Serve per pagare e per collegare un altro genitore. Da solo non apre niente.",
		"document.roll.title": "Elenco della classe", "document.roll.heading": "Classe %s, %s", "document.roll.about": "Anno %s, %d alunni, al %s ore %s",
		"document.roll.school": "Scuola", "document.roll.class": "Classe", "document.roll.issued": "Aggiornato al", "document.roll.number": "N.",
		"document.roll.name": "Cognome e nome", "document.roll.days": "Giorni", "document.roll.from": "Dal", "document.roll.until": "Fino al",
		"document.roll.state": "Stato", "document.roll.special": "Dieta speciale", "document.roll.yes": "sì", "document.roll.empty": "Nessun alunno.",
	})
}

// longRoll is a class of thirty with long names, some hostile.
func longRoll(n int) *Roll {
	r := &Roll{Town: "Comune di Borgoluce", School: "Scuola primaria Gianni Rodari", Class: "2A", Year: "2026/27", Issued: cutoff}
	for i := range n {
		r.Lines = append(r.Lines, RollLine{Name: fmt.Sprintf("Montefusco Della Rovere di Castelbottaccio %02d Maria Antonietta Immacolata", i),
			Days: "LUN-MAR-MER-GIO-VEN", State: "frequenta", From: 20260901, Special: i%7 == 0})
	}
	return r
}

func TestRollCSV(t *testing.T) {
	r := longRoll(2)
	r.Lines[1].Name = "=HYPERLINK(1)"
	got := string(write(t, func(b *bytes.Buffer) error { return RollCSV(b, words(t), r) }))
	for _, want := range []string{"1;Montefusco", "01/09/2026", ";sì\r\n", "2;'=HYPERLINK(1);"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestRollPDF_longNames(t *testing.T) {
	pdf := write(t, func(b *bytes.Buffer) error { return RollPDF(b, words(t), testFonts(t), longRoll(30)) })
	text := extract(t, pdf, "pdftotext", "-layout", "FILE", "-")
	for i := range 30 {
		if !strings.Contains(text, fmt.Sprintf("Castelbottaccio %02d", i)) {
			t.Errorf("pupil %d is not on the roll:\n%s", i, text)
		}
	}
	if strings.Contains(text, "€") {
		t.Error("a roll speaks of money")
	}
}

func TestSlipsPDF(t *testing.T) {
	s := &Slips{Town: "Comune di Borgoluce", Year: "2026/27", Issued: cutoff}
	for n := range 9 {
		s.Slips = append(s.Slips, Slip{Child: "Montefusco Della Rovere di Castelbottaccio Maria Antonietta", Class: "2A",
			School: "Scuola primaria Gianni Rodari", PAN: canteen.NewPAN(uint64(100 + n))})
	}
	pdf := write(t, func(b *bytes.Buffer) error { return SlipsPDF(b, words(t), testFonts(t), s) })
	text := extract(t, pdf, "pdftotext", "FILE", "-")
	for _, slip := range s.Slips {
		if !strings.Contains(text, slip.PAN.String()) {
			t.Errorf("no slip for %s", slip.PAN)
		}
	}
	if n := strings.Count(text, "\f"); n != 2 {
		t.Errorf("nine slips are on %d pages, want eight and one", n)
	}
	again := write(t, func(b *bytes.Buffer) error { return SlipsPDF(b, words(t), testFonts(t), s) })
	if !bytes.Equal(pdf, again) {
		t.Error("the same slips give other bytes")
	}
}
