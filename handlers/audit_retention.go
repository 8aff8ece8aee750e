package handlers

import (
	"net/http"
	"strconv"

	"refettorio/canteen"
	"refettorio/handlers/render"
	"refettorio/store"
)

// AuditRetentionPage is how long records are kept, what the next run of the job
// would do, who is kept from it, and its reports. An auditor reads, an
// administrator changes. Page name "audit/retention".
type AuditRetentionPage struct {
	render.Page
	PeriodsID, HoldID string
	MayChange         bool
	Classes           []RetentionClass
	Holds             []RetentionHold
	Person            render.Field
	Reason, Until     render.Field
	Subject           string
	Found             []store.SubjectFound // to choose from
	Reports           []RetentionReport
}

// RetentionClass is a class of records with its period and what is due now.
type RetentionClass struct {
	Rule   canteen.KeepRule
	Now    store.DisposedClass
	Period render.Field
}

// Key is the class's place in the catalogue.
func (c RetentionClass) Key() string { return string(c.Rule.Class) }

// RetentionHold is a hold; Over says that its last day has passed.
type RetentionHold struct {
	store.HoldView
	FormID string
	Over   bool
}

// RetentionReport is a report of the job.
type RetentionReport struct {
	store.Disposal
	Day            canteen.Date
	Count          int
	PDFURL, CSVURL string
}

// reportsShown is how many reports the page lists.
const reportsShown = 20

func (s *Server) auditRetentionPage(r *http.Request) (*AuditRetentionPage, error) {
	p := &AuditRetentionPage{Page: s.newPage(r, "audit.retention.title"), PeriodsID: newFormID(), HoldID: newFormID(),
		MayChange: stateOf(r).actor.Role == canteen.RoleAdmin,
		Person:    render.Field{Name: "q", Label: "audit.hold.who", Hint: "audit.filter.personHint", MaxLength: 100},
		Reason:    render.Field{Name: "reason", Label: "audit.hold.reason", Hint: "audit.hold.reasonHint", MaxLength: 200},
		Until:     render.Field{Name: "until", Type: render.TypeDate, Label: "audit.hold.until", Hint: "audit.hold.untilHint", Min: s.today().String(), Optional: true, Short: true}}
	preview, err := s.store.PreviewRetention(act(r))
	if err != nil {
		return nil, err
	}
	for i, rule := range canteen.KeepRules {
		line := RetentionClass{Rule: rule, Now: preview.Classes[i]}
		line.Period = render.Field{Name: string(rule.Class), Type: render.TypeNumber, Label: "audit.keep." + string(rule.Class), Hint: "audit.keepHint." + string(rule.Class),
			Value: strconv.Itoa(line.Now.Period), Min: strconv.Itoa(rule.Least), Max: strconv.Itoa(rule.Most), InputMode: "numeric", Short: true}
		p.Classes = append(p.Classes, line)
	}
	holds, err := s.store.Holds(act(r))
	if err != nil {
		return nil, err
	}
	for _, h := range holds {
		p.Holds = append(p.Holds, RetentionHold{HoldView: h, FormID: newFormID(), Over: !h.On(s.today())})
	}
	reports, err := s.store.Disposals(act(r), reportsShown)
	for _, d := range reports {
		number := strconv.FormatUint(d.Number, 10)
		p.Reports = append(p.Reports, RetentionReport{Disposal: d, Day: canteen.DateOf(d.At), Count: d.Removed(),
			PDFURL: s.to("audit.disposal.pdf", number), CSVURL: s.to("audit.disposal.csv", number)})
	}
	return p, err
}

func (s *Server) auditRetention(w http.ResponseWriter, r *http.Request) error {
	p, err := s.auditRetentionPage(r)
	if err != nil {
		return err
	}
	s.takeFlash(w, r, &p.Page)
	return s.page(w, r, http.StatusOK, "audit/retention", p)
}

// auditPeriods changes how long records are kept.
func (s *Server) auditPeriods(w http.ResponseWriter, r *http.Request) error {
	p, err := s.auditRetentionPage(r)
	if err != nil {
		return err
	}
	form, periods := officeForm{}, canteen.Periods{}
	for i := range p.Classes {
		form = append(form, &p.Classes[i].Period)
	}
	if p.PeriodsID, err = form.read(r); err != nil {
		return err
	}
	form.missing()
	for i := range p.Classes {
		c := &p.Classes[i]
		n, err := strconv.Atoi(c.Period.Value)
		if err != nil && c.Period.Error.Key == "" {
			c.Period.Error = render.Msg("error.keep.period", c.Rule.Least, c.Rule.Most)
		}
		periods[c.Rule.Class] = n
	}
	if !form.wrong() {
		err = s.store.PutPeriods(formAct(r), periods)
		if err == nil {
			return s.officeDone(w, r, "flash.audit.periods", s.to("audit.retention"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	} else {
		p.Problems = form.problems()
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "audit/retention", p)
}

// auditHold keeps somebody from the retention job. Who is meant is searched for
// first; several of the same name are shown to choose from.
func (s *Server) auditHold(w http.ResponseWriter, r *http.Request) error {
	p, err := s.auditRetentionPage(r)
	if err != nil {
		return err
	}
	form := officeForm{&p.Person, &p.Reason, &p.Until}
	if p.HoldID, err = form.read(r); err != nil {
		return err
	}
	until := fieldOf(&p.Until, canteen.ParseDate)
	form.missing()
	p.Subject = r.PostForm.Get("subject")
	if p.Subject == "" && !form.wrong() {
		if p.Found, err = s.store.FindSubjects(act(r), p.Person.Value, 20); err != nil {
			return err
		}
		switch len(p.Found) {
		case 0:
			p.Person.Error = render.Msg("audit.filter.nobody")
		case 1:
			p.Subject, p.Found = string(p.Found[0].Subject), nil
		default:
			p.Person.Error = render.Msg("audit.hold.several")
		}
	}
	if !form.wrong() {
		err = s.store.PutHold(formAct(r), canteen.Hold{Subject: canteen.Subject(p.Subject), Reason: p.Reason.Value, Until: until})
		if err == nil {
			return s.officeDone(w, r, "flash.audit.hold", s.to("audit.retention"))
		}
		if err := form.refuse(&p.Page, err); err != nil {
			return err
		}
	} else {
		p.Problems = form.problems()
	}
	return s.page(w, r, http.StatusUnprocessableEntity, "audit/retention", p)
}

// auditHoldEnd lifts a hold.
func (s *Server) auditHoldEnd(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	if err := s.store.EndHold(formAct(r), canteen.Subject(r.PostForm.Get("subject"))); err != nil {
		return err
	}
	return s.officeDone(w, r, "flash.audit.holdEnd", s.to("audit.retention"))
}
