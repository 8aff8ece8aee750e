package documents

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// dossierWords are the sentences of the house and those of a dossier.
func dossierWords(t testing.TB) Translate {
	own := map[string]string{"document.dossier.issued": "Fatto il %v alle %v", "document.dossier.made": "Fatto il"}
	for _, column := range strings.Fields("number at who role what whose why result channel address") {
		own["document.register."+column] = column
	}
	rest := words(t)
	return func(key string, args ...any) string {
		if sentence, ok := own[key]; ok {
			if len(args) == 0 {
				return sentence
			}
			return fmt.Sprintf(sentence, args...)
		}
		return rest(key, args...)
	}
}

func sampleDossier(rows int) *Dossier {
	d := &Dossier{Town: "Comune di Roccaforte", Title: "I miei dati", Lead: "Tutto quello che il servizio sa di te.",
		Issued: time.Date(2026, 10, 14, 6, 45, 0, 0, time.UTC), Sections: []DossierSection{
			{Title: "Chi sei", Facts: [][2]string{{"cognome", "D'Alò"}, {"indirizzo", strings.Repeat("via molto lunga ", 12)}}},
			{Title: "Messaggi", Empty: "Niente."},
			{Title: "Movimenti", Columns: []DossierColumn{{Title: "Giorno", Share: 1}, {Title: "Che cosa", Share: 3}, {Title: "Importo", Share: 1, Number: true}}},
		}}
	for i := range rows {
		d.Sections[2].Rows = append(d.Sections[2].Rows, []string{"14/10/2026", fmt.Sprintf("Pasto numero %d", i+1), "−2,70 €"})
	}
	return d
}

func dossierPDF(t *testing.T, d *Dossier) []byte {
	fonts := testFonts(t)
	return write(t, func(b *bytes.Buffer) error { return DossierPDF(b, dossierWords(t), fonts, d) })
}

func TestDossierPDF_saysEverything(t *testing.T) {
	d := sampleDossier(90)
	text := extract(t, dossierPDF(t, d), "pdftotext", "-layout", "FILE", "-")
	for _, want := range []string{"Comune di Roccaforte", "Fatto il 14/10/2026 alle 08:45", "Chi sei", "D'Alò", "Niente.", "Pasto numero 90", "pagina 1 di"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if got := strings.Count(text, "Pasto numero"); got != 90 {
		t.Errorf("%d movements, want 90", got)
	}
	if heads, pages := strings.Count(text, "Che cosa"), strings.Count(text, "\f"); heads < 2 || heads > pages {
		t.Errorf("the head of the table stands %d times on %d pages", heads, pages)
	}
}

// TestDossierPDF_tagged: a screen reader finds headings, the table and its cells;
// the same dossier makes the same bytes.
func TestDossierPDF_tagged(t *testing.T) {
	pdf := dossierPDF(t, sampleDossier(3))
	tree := extract(t, pdf, "pdfinfo", "-struct", "FILE")
	for tag, want := range map[string]int{"H1": 1, "H2": 3, "Table": 2, "TH": 5, "TR": 6} {
		got := 0
		for line := range strings.Lines(tree) {
			if words := strings.Fields(line); len(words) > 0 && strings.TrimSuffix(words[0], ":") == tag {
				got++
			}
		}
		if got != want {
			t.Errorf("%d elements %s, want %d in\n%s", got, tag, want, tree)
		}
	}
	if !bytes.Equal(pdf, dossierPDF(t, sampleDossier(3))) {
		t.Error("the same dossier makes other bytes")
	}
}

func TestDossierPDF_wordsStayWords(t *testing.T) {
	for _, name := range injections {
		d := sampleDossier(1)
		d.Sections[0].Facts[0][1], d.Sections[2].Rows[0][1] = name, name
		extract(t, dossierPDF(t, d), "pdftotext", "FILE", "-")
	}
}

func TestDossierCSV(t *testing.T) {
	d := sampleDossier(1)
	d.Sections[2].Rows[0][1] = "=1+1"
	got := string(write(t, func(b *bytes.Buffer) error { return DossierCSV(b, dossierWords(t), d) }))
	want := "\ufeffI miei dati;Comune di Roccaforte\r\nFatto il;14/10/2026 08:45:00\r\n\r\nChi sei\r\ncognome;D'Alò\r\nindirizzo;\"" +
		strings.Repeat("via molto lunga ", 12) + "\"\r\n\r\nMessaggi\r\n\r\nMovimenti\r\nGiorno;Che cosa;Importo\r\n14/10/2026;'=1+1;\"−2,70 €\"\r\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRegisterCSV(t *testing.T) {
	line := RegisterLine{Number: 7, At: time.Date(2026, 10, 14, 6, 45, 0, 0, time.UTC), Who: "ufficio", Role: "ufficio mensa", What: "conto mensa",
		Whose: "Rinaldi Giulia", Result: "riuscito", Channel: "portale"}
	got := string(write(t, func(b *bytes.Buffer) error { return RegisterCSV(b, dossierWords(t), []RegisterLine{line}) }))
	want := "\ufeffnumber;at;who;role;what;whose;why;result;channel;address\r\n7;14/10/2026 08:45:00;ufficio;ufficio mensa;conto mensa;Rinaldi Giulia;;riuscito;portale;\r\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
