package handlers

import (
	"net/http"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// OfficePupilPage is everything the office knows of a pupil. Its title names
// nobody. Page name "office/pupil".
type OfficePupilPage struct {
	render.Page
	Pupil      canteen.Pupil
	Class      string
	School     string
	Enrolments []EnrolmentLine // newest first
	Guardians  []canteen.Guardian
	Account    store.AccountView
	Meals      int  // the balance still pays
	Paying     bool // a meal costs something
	Movements  []MovementLine
	From, To   render.Field
	Payment    PaymentForm
	Siblings   []PupilLine
	CodeURL    string
}

// EnrolmentLine is an enrolment with the names of its places.
type EnrolmentLine struct {
	canteen.Enrolment
	Year, School, Class string
	StateKey            string
}

// MovementLine is a movement with its words and the day behind it.
type MovementLine struct {
	store.AccountLine
	What   render.Message
	DayURL string // of a charge
}

// PaymentForm records a payment made outside the portal (mission 20).
type PaymentForm struct {
	ID                            string
	Amount, Day, Reference, Means render.Field
	URL                           string
}

// The means by which people pay outside the portal.
var paymentMeans = []string{"bank", "post", "pos", "cash"}

func newPaymentForm(url string) PaymentForm {
	f := PaymentForm{ID: newFormID(), URL: url,
		Amount:    render.Field{Name: "amount", Label: "office.payment.amount", Hint: "office.payment.amountHint", InputMode: "decimal", MaxLength: 12, Short: true},
		Day:       render.Field{Name: "day", Type: render.TypeDate, Label: "office.payment.day", Short: true},
		Reference: render.Field{Name: "reference", Label: "office.payment.reference", Hint: "office.payment.referenceHint", MaxLength: 80},
		Means:     render.Field{Name: "means", Type: render.TypeSelect, Label: "office.payment.means"}}
	for _, m := range paymentMeans {
		f.Means.Options = append(f.Means.Options, render.Option{Value: m, Text: "office.means." + m})
	}
	return f
}

func (f *PaymentForm) fields() officeForm {
	return officeForm{&f.Amount, &f.Day, &f.Reference, &f.Means}
}

func (s *Server) officePupil(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officePupilPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "office/pupil", p)
}

func (s *Server) officePupilPage(r *http.Request) (*OfficePupilPage, error) {
	p := &OfficePupilPage{Page: s.newPage(r, "office.pupil.title", render.Crumb{Label: "office.nav.home", URL: s.to("office.home")},
		render.Crumb{Label: "office.pupils.title", URL: s.to("office.pupils")}, render.Crumb{Label: "office.pupil.title"})}
	var err error
	if p.Pupil, err = s.store.PupilByHandle(act(r), routeVar(r, "pupil")); err != nil {
		return nil, err
	}
	town, err := s.store.Town(act(r))
	if err != nil {
		return nil, err
	}
	if class, school := placeOf(town, p.Pupil.Class); class != nil {
		p.Class, p.School = class.Name(), school.Name
	}
	if p.Guardians, err = s.store.Guardians(act(r), p.Pupil.PAN); err != nil {
		return nil, err
	}
	siblings, err := s.store.Siblings(act(r), p.Pupil.PAN)
	if err != nil {
		return nil, err
	}
	for _, one := range siblings {
		p.Siblings = append(p.Siblings, PupilLine{Pupil: one, URL: s.to("office.pupil", one.Handle)})
	}
	p.CodeURL = s.to("people.pupilcode", p.Pupil.Handle)
	enrolments, err := s.store.Enrolments(act(r), p.Pupil.PAN)
	if err != nil {
		return nil, err
	}
	for i := len(enrolments) - 1; i >= 0; i-- {
		line := EnrolmentLine{Enrolment: enrolments[i], StateKey: "office.enrolment." + enrolments[i].State.String()}
		if class, school := placeOf(town, line.Enrolment.Class); class != nil {
			line.Year, line.Class, line.School = class.Year, class.Name(), school.Name
		}
		p.Enrolments = append(p.Enrolments, line)
	}
	p.Payment = newPaymentForm(s.to("office.pupil.payment", p.Pupil.Handle))
	p.Payment.Day.Max = s.today().String()
	return p, s.officeAccount(r, p)
}

// officeAccount reads the pupil's account, by default since the school year
// began.
func (s *Server) officeAccount(r *http.Request, p *OfficePupilPage) error {
	today := s.today()
	from, err := dayVar(r, "dal", canteen.DefaultYear(today).From)
	if err != nil {
		return err
	}
	to, err := dayVar(r, "al", today)
	if err != nil {
		return err
	}
	p.From = render.Field{Name: "dal", Type: render.TypeDate, Label: "office.pupil.from", Value: from.String(), Short: true}
	p.To = render.Field{Name: "al", Type: render.TypeDate, Label: "office.pupil.to", Value: to.String(), Short: true}
	if p.Account, err = s.store.Account(act(r), p.Pupil.PAN, from, to); err != nil {
		return err
	}
	p.Meals, p.Paying = p.Account.Meals()
	for _, line := range p.Account.Lines {
		movement := MovementLine{AccountLine: line, What: movementMessage(line)}
		if line.Kind == canteen.EntryCharge {
			movement.DayURL = s.to("office.day", line.Day.String())
		}
		p.Movements = append(p.Movements, movement)
	}
	return nil
}

// movementMessage says what a movement is.
func movementMessage(line store.AccountLine) render.Message {
	switch {
	case line.Kind != canteen.EntryCharge:
		return render.Msg("office.movement." + string(line.Kind))
	case line.Diet != "":
		return render.Msg("office.movement.charge."+line.Meal.String()+".diet", line.Diet)
	}
	return render.Msg("office.movement.charge." + line.Meal.String())
}

// officePayment records a payment made outside the portal. The reference of its
// receipt makes it one payment, however often it is sent.
func (s *Server) officePayment(w http.ResponseWriter, r *http.Request) error {
	p, err := s.officePupilPage(r)
	if err != nil {
		return err
	}
	form := p.Payment.fields()
	if p.Payment.ID, err = form.read(r); err != nil {
		return err
	}
	amount, day := fieldOf(&p.Payment.Amount, canteen.ParseCents), fieldOf(&p.Payment.Day, canteen.ParseDate)
	form.missing()
	if !form.wrong() {
		err = s.store.RecordOutsidePayment(formAct(r), store.OutsidePayment{Pupil: p.Pupil.PAN, Amount: amount, Day: day,
			Reference: p.Payment.Reference.Value, Means: p.Payment.Means.Value})
		if err == nil {
			return s.officeDone(w, r, "flash.office.payment", s.to("office.pupil", p.Pupil.Handle))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
		return s.page(w, r, http.StatusUnprocessableEntity, "office/pupil", p)
	}
	p.Problems = form.problems()
	return s.page(w, r, http.StatusUnprocessableEntity, "office/pupil", p)
}
