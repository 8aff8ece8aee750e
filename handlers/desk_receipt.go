package handlers

import (
	"bytes"
	"net/http"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// DeskReceiptPage is a receipt of an act done for a person, with both names and
// the lines to sign. Page names "desk/receipt" and "desk/receipt_print".
type DeskReceiptPage struct {
	render.Page
	Act      DeskActLine
	PAN      string
	Days     []DayRange
	Date     canteen.Date
	Received string    // the hour, to the second
	Heard    time.Time // of a note on paper: when the family told it
	Why      string
	Request  bool // came after the cut-off: the office decides
	Steps    bool // a first registration: what comes next
	PrintURL string
	PDFURL   string
}

func (s *Server) deskReceiptPage(r *http.Request) (p DeskReceiptPage, err error) {
	var n canteen.ReceiptNumber
	if err := n.UnmarshalText([]byte(strings.Replace(routeVar(r, "number"), "-", "/", 1))); err != nil || n.IsZero() {
		return p, canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	a, err := s.store.DeskReceipt(act(r), n)
	if err != nil {
		return p, err
	}
	handle := routeVar(r, "persona")
	p = DeskReceiptPage{Page: s.newPage(r, "desk.receipt.title"), Act: s.deskActLine(&a), Days: dayRanges(a.Receipt.Days),
		Date: canteen.DateOf(a.Receipt.Received), Received: clockSeconds(a.Receipt.Received), Steps: a.Receipt.Kind == store.ReceiptRegistration,
		PrintURL: s.to("desk.receipt.print", handle, numberVar(n)), PDFURL: s.to("desk.receipt.pdf", handle, numberVar(n))}
	p.Heard, p.Why, p.Request = a.Receipt.Heard, a.Receipt.Why, a.Receipt.Kind == store.ReceiptPaper
	if a.Receipt.Pupil != 0 {
		p.PAN = a.Receipt.Pupil.String()
	}
	if p.Act.Person == "" { // a receipt of the family's own, printed for it
		p.Act.Person = stateOf(r).behalf
	}
	return p, nil
}

func (s *Server) deskReceipt(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deskReceiptPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "desk/receipt", p)
}

func (s *Server) deskReceiptPrint(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deskReceiptPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "desk/receipt_print", p)
}

// deskReceiptPDF is the receipt on one page, to be printed and signed.
func (s *Server) deskReceiptPDF(w http.ResponseWriter, r *http.Request) error {
	p, err := s.deskReceiptPage(r)
	if err != nil {
		return err
	}
	t := s.words(r)
	doc := documents.DeskReceipt{Town: s.opt.Town.Name, Number: p.Act.Number, Act: t(p.Act.Act.Key, p.Act.Act.Args...), Operator: p.Act.Operator,
		Person: p.Act.Person, Pupil: p.Act.Pupil, PAN: p.PAN, Received: p.Act.At, Issued: s.store.Now(), FirstSteps: p.Steps, Heard: p.Heard, Why: p.Why, Request: p.Request}
	for _, d := range p.Days {
		doc.Days = append(doc.Days, [2]canteen.Date{d.From, d.To})
	}
	var body bytes.Buffer
	if err := documents.DeskReceiptPDF(&body, t, s.fonts, &doc); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="ricevuta-`+routeVar(r, "number")+`.pdf"`)
	_, _ = w.Write(body.Bytes()) // a client that hung up has no answer to lose
	return nil
}

// printURL is the address of a receipt made for paper: at the counter the one
// with both names and the lines to sign.
func (s *Server) printURL(pupil string, n canteen.ReceiptNumber) string {
	if s.behalf != nil {
		return s.to("desk.receipt.print", s.behalf.handle, numberVar(n))
	}
	return s.receiptURL(pupil, n) + "/stampa"
}
