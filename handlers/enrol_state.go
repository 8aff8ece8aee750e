package handlers

import (
	"net/http"
	"strings"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// EnrolApplicationPage is where an application stands, with its history (C.SE.1.9).
// Page name "enrol/application".
type EnrolApplicationPage struct {
	render.Page
	Card        ApplicationCard
	Facts       EnrolFacts
	History     []HistoryLine // newest first
	Answer      bool          // an answer is awaited
	Reason      string        // why it was sent back
	WithdrawURL string        // while it can be taken back
	ReceiptURL  string        // once it was sent
	FormID      string
	Office      bool                  // the office looks at it
	Stop        store.ApplicationStop // an old debt of the applicant that stops it; shown to nobody else
}

// HistoryLine is something that happened to an application.
type HistoryLine struct {
	Day    canteen.Date
	Hour   string
	What   render.Message
	By     render.Message
	For    string // the person an operator acted for
	Reason string
}

func (s *Server) enrolApplication(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolApplicationPage(r, s.enrolCrumbs("enrol.application.title"))
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "enrol/application", p)
}

// enrolOfficeApplication is the same for the office, which changes nothing here.
func (s *Server) enrolOfficeApplication(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolApplicationPage(r, s.enrolOfficeCrumbs("enrol.application.title"))
	if err != nil {
		return err
	}
	p.Office, p.WithdrawURL, p.ReceiptURL, p.Card.GoOnURL, p.Facts.DietURL = true, "", "", "", ""
	return s.page(w, r, http.StatusOK, "enrol/application", p)
}

func (s *Server) enrolApplicationPage(r *http.Request, crumbs []render.Crumb) (*EnrolApplicationPage, error) {
	v, err := s.store.Application(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	p := &EnrolApplicationPage{Page: s.newPage(r, "enrol.application.title", crumbs...), Card: s.applicationCard(&v), Facts: s.enrolFacts(&v), FormID: newFormID()}
	p.Answer = v.State == canteen.Submitted
	p.Facts.Edit = nil // changed step by step, not from here
	if v.State != canteen.Withdrawn && v.State != canteen.Validated {
		p.WithdrawURL = s.to("enrol.withdraw", v.Handle)
	}
	if !v.Receipt.IsZero() {
		p.ReceiptURL = s.to("enrol.receipt", v.Handle)
	}
	if v.Own {
		if p.Stop, err = s.store.ApplicationStop(act(r), v.Handle); err != nil {
			return nil, err
		}
	}
	for i := len(v.History) - 1; i >= 0; i-- {
		h := &v.History[i]
		p.History = append(p.History, HistoryLine{Day: canteen.DateOf(h.At), Hour: clockSeconds(h.At), What: historyWord(h.What),
			By: s.byWhom(r, nil, h.Actor), For: h.OnBehalf, Reason: h.Reason})
		if p.Reason == "" && v.State == canteen.Returned && h.What == canteen.Returned.String() {
			p.Reason = h.Reason
		}
	}
	return p, nil
}

// historyWord says what happened. What another part of the service wrote and has
// no word here is told as a change.
func historyWord(what string) render.Message {
	switch what {
	case canteen.Draft.String(), canteen.Submitted.String(), canteen.Validated.String(), canteen.Returned.String(), canteen.Withdrawn.String(),
		"proposed", "renewed":
		return render.Msg("enrol.history." + what)
	}
	return render.Msg("enrol.history.changed")
}

// enrolWithdraw takes an application back.
func (s *Server) enrolWithdraw(w http.ResponseWriter, r *http.Request) error {
	handle := routeVar(r, "domanda")
	if err := s.store.WithdrawApplication(act(r), handle); err != nil {
		return err
	}
	s.flash(w, "flash.enrol.withdrawn")
	http.Redirect(w, r, s.to("enrol.application", handle), http.StatusSeeOther)
	return nil
}

// RatingStars is the first question of the rating, with its five answers.
type RatingStars struct {
	URL   string
	Stars []RatingStar
}

// RatingStar is one answer: so many stars.
type RatingStar struct {
	N        int
	Selected bool
}

func newRatingStars(url string, selected int) *RatingStars {
	st := &RatingStars{URL: url}
	for n := 1; n <= 5; n++ {
		st.Stars = append(st.Stars, RatingStar{n, n == selected})
	}
	return st
}

// EnrolRatingPage asks what was hard or what was good, after the stars (C.SE.1.7,
// the texts are those of rules §4). Page name "enrol/rating".
type EnrolRatingPage struct {
	render.Page
	Rating *RatingStars
	Stars  int // 0 until they are given
	Reason render.Field
	Text   render.Field
	URL    string
	FormID string
}

func (s *Server) enrolRatingPage(r *http.Request) (*EnrolRatingPage, error) {
	v, err := s.store.Application(act(r), routeVar(r, "domanda"))
	if err != nil {
		return nil, err
	}
	if v.Receipt.IsZero() {
		return nil, canteen.Refuse(canteen.KindNotFound, "error.receipt.notFound")
	}
	p := &EnrolRatingPage{Page: s.newPage(r, "enrol.rating.title", s.enrolCrumbs("enrol.rating.title")...), URL: s.to("enrol.rate", v.Handle), FormID: newFormID(),
		Reason: render.Field{Name: "reason", Type: render.TypeRadio, Optional: true},
		Text:   render.Field{Name: "text", Type: render.TypeTextArea, Label: "enrol.rating.text", Hint: "enrol.rating.textHint", MaxLength: canteen.MaxRatingText, Optional: true}}
	if stars := strings.TrimSpace(r.FormValue("stelle")); len(stars) == 1 && stars >= "1" && stars <= "5" {
		p.Stars = int(stars[0] - '0')
	}
	p.Rating = newRatingStars(s.to("enrol.rating", v.Handle), p.Stars)
	answers := "enrol.rating.hard."
	p.Reason.Label = "enrol.rating.hard"
	if (&canteen.Rating{Stars: p.Stars}).Liked() {
		p.Reason.Label, answers = "enrol.rating.good", "enrol.rating.good."
	}
	for n := 1; n <= canteen.RatingReasons; n++ {
		digit := string(rune('0' + n))
		p.Reason.Options = append(p.Reason.Options, render.Option{Value: digit, Text: answers + digit})
	}
	return p, nil
}

func (s *Server) enrolRating(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolRatingPage(r)
	if err != nil {
		return err
	}
	return s.page(w, r, http.StatusOK, "enrol/rating", p)
}

// enrolRate keeps a rating. The application makes it one rating, and its handle
// is not kept with it.
func (s *Server) enrolRate(w http.ResponseWriter, r *http.Request) error {
	p, err := s.enrolRatingPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Reason, &p.Text}
	if _, err := form.read(r); err != nil {
		return err
	}
	rating := canteen.Rating{Service: canteen.RatingEnrolment, Stars: p.Stars, Text: p.Text.Value}
	if len(p.Reason.Value) == 1 {
		rating.Reason = int(p.Reason.Value[0] - '0')
	}
	a, handle := act(r), routeVar(r, "domanda")
	a.Once = "rating/" + handle
	err = s.store.Rate(a, rating)
	if canteen.KindOf(err) == canteen.KindInvalid {
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "enrol/rating", p)
	}
	if err != nil && canteen.KindOf(err) != canteen.KindConflict { // a second opinion is thanked for and not counted
		return err
	}
	s.flash(w, "flash.enrol.rated")
	http.Redirect(w, r, s.to("enrol.receipt", handle), http.StatusSeeOther)
	return nil
}
