package handlers

import (
	"bytes"
	"net/http"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/store"
)

// familyDietReceipt is the receipt of a diet request for paper, in the language of
// the page. It says neither the diet nor its reason: paper is left on tables.
func (s *Server) familyDietReceipt(w http.ResponseWriter, r *http.Request) error {
	f, err := s.store.FamilyDiet(act(r), routeVar(r, "dieta"))
	if err != nil {
		return err
	}
	if f.Request.Receipt.IsZero() {
		return canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	var body bytes.Buffer
	if err := documents.RequestReceiptPDF(&body, s.words(r), s.fonts, s.dietReceipt(&f, s.words(r))); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="ricevuta-dieta.pdf"`)
	_, _ = w.Write(body.Bytes()) // a client that hung up has no answer to lose
	return nil
}

func (s *Server) dietReceipt(f *store.DietFile, t documents.Translate) *documents.RequestReceipt {
	facts := []documents.Fact{{Name: t("diet.col.child"), Text: f.Child}}
	if place := dietChildPlace(f); place != "" {
		facts = append(facts, documents.Fact{Name: t("enrol.summary.school"), Text: place})
	}
	return &documents.RequestReceipt{Town: s.opt.Town.Name, Title: t("diet.file.pdfTitle"), Number: f.Request.Receipt, Received: f.Request.Sent,
		Facts: facts, Next: []string{t("diet.file.next")}}
}
