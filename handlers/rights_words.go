package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"refettorio/canteen"
	"refettorio/documents"
	"refettorio/handlers/render"
	"refettorio/store"
)

// byWord names the author of a record to a family: itself, another guardian, or
// an office of the town.
func (s *Server) byWord(r *http.Request, by string) string {
	if by == "" {
		return s.catalog.T(s.langOf(r), "rights.by.import")
	}
	if s.catalog.Has("rights.by." + by) {
		return s.catalog.T(s.langOf(r), "rights.by."+by)
	}
	return s.wordOf(r, "role.", by)
}

// rightsWords puts an export into the words of a language.
type rightsWords struct {
	s *Server
	r *http.Request
	t documents.Translate
	f *render.Formats
}

func (w rightsWords) word(prefix, word string) string { return w.s.wordOf(w.r, prefix, word) }

func (w rightsWords) day(d canteen.Date) string { return dateOrNone(w.f.Date, d) }

func (w rightsWords) at(at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	return w.f.Date(canteen.DateOf(at)) + " " + w.f.Time(at)
}

// known leaves out the facts that have no value.
func known(facts ...[2]string) (list [][2]string) {
	for _, fact := range facts {
		if fact[1] != "" {
			list = append(list, fact)
		}
	}
	return list
}

func (w rightsWords) dossier(x *store.FamilyExport) documents.Dossier {
	doc := documents.Dossier{Town: w.s.opt.Town.Name, Title: w.t("rights.pdf.title"), Lead: w.t("rights.pdf.lead"), Issued: x.Made}
	doc.Sections = append(doc.Sections, w.person(x), w.logins(x), w.sessions(x))
	for i := range x.Children {
		doc.Sections = append(doc.Sections, w.child(&x.Children[i])...)
	}
	doc.Sections = append(doc.Sections, w.applications(x), w.messages(x), w.corrections(x), w.accesses(x))
	return doc
}

func (w rightsWords) person(x *store.FamilyExport) documents.DossierSection {
	p := &x.Person
	section := documents.DossierSection{Title: w.t("rights.part.person"), Facts: known(
		[2]string{w.t("audit.field.surname"), p.Surname}, [2]string{w.t("audit.field.name"), p.Name}, [2]string{w.t("audit.field.cf"), string(p.CodiceFiscale)},
		[2]string{w.t("audit.field.phone"), p.Phone}, [2]string{w.t("audit.field.email"), p.Email},
		[2]string{w.t("audit.field.address"), strings.TrimSpace(p.Address + " " + p.PostCode + " " + p.City)},
		[2]string{w.t("rights.fact.lang"), x.Profile.Lang})}
	for _, mark := range []struct {
		key  string
		mark store.ContactMark
	}{{"rights.fact.emailProved", x.Profile.Email}, {"rights.fact.phoneProved", x.Profile.Phone}} {
		if mark.mark.Value != "" {
			section.Facts = append(section.Facts, [2]string{w.t(mark.key), mark.mark.Value + ", " + w.at(mark.mark.At)})
		}
	}
	for _, seen := range x.Profile.Privacy {
		section.Facts = append(section.Facts, [2]string{w.t("rights.fact.privacy", seen.Version), w.at(seen.At)})
	}
	return section
}

func (w rightsWords) logins(x *store.FamilyExport) documents.DossierSection {
	section := documents.DossierSection{Title: w.t("rights.part.logins"), Empty: w.t("rights.none"),
		Columns: []documents.DossierColumn{{Title: w.t("rights.col.login"), Share: 5}, {Title: w.t("rights.col.role"), Share: 3}, {Title: w.t("rights.col.since"), Share: 3}}}
	for _, l := range x.Logins {
		section.Rows = append(section.Rows, []string{l.Login, w.word("role.", string(l.Role)), w.at(l.Since)})
	}
	return section
}

func (w rightsWords) sessions(x *store.FamilyExport) documents.DossierSection {
	section := documents.DossierSection{Title: w.t("rights.part.sessions"), Empty: w.t("rights.none"),
		Columns: []documents.DossierColumn{{Title: w.t("rights.col.since"), Share: 3}, {Title: w.t("rights.col.device"), Share: 4}, {Title: w.t("rights.col.address"), Share: 4}}}
	for _, one := range x.Sessions {
		section.Rows = append(section.Rows, []string{w.at(one.Began), one.Device, one.Address})
	}
	return section
}

func (w rightsWords) child(c *store.ExportChild) []documents.DossierSection {
	about := documents.DossierSection{Title: c.Name + " " + c.Surname, Facts: known(
		[2]string{w.t("rights.fact.pan"), c.PAN.String()}, [2]string{w.t("audit.field.cf"), string(c.CodiceFiscale)},
		[2]string{w.t("audit.field.born"), w.day(c.Born)}, [2]string{w.t("audit.field.birthplace"), c.Birthplace},
		[2]string{w.t("rights.fact.guardians"), strconv.Itoa(c.Guardians)}, [2]string{w.t("rights.fact.balance"), w.f.Euro(c.Balance)})}
	return []documents.DossierSection{about, w.enrolments(c), w.communications(c), w.movements(c), w.diets(c), w.delegates(c)}
}

// of is the title of a part about a child.
func (w rightsWords) of(part string, c *store.ExportChild) string {
	return w.t("rights.part."+part) + " – " + c.Name
}

func (w rightsWords) enrolments(c *store.ExportChild) documents.DossierSection {
	section := documents.DossierSection{Title: w.of("children.enrolments", c), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.year"), Share: 2}, {Title: w.t("rights.col.place"), Share: 5}, {Title: w.t("rights.col.from"), Share: 2},
		{Title: w.t("rights.col.until"), Share: 2}, {Title: w.t("rights.col.state"), Share: 2}, {Title: w.t("rights.col.bands"), Share: 4}}}
	for _, e := range c.Enrolments {
		section.Rows = append(section.Rows, []string{e.Year, e.Class + ", " + e.School, w.day(e.From), w.day(e.Until),
			w.word("office.enrolment.", e.State), strings.TrimSpace(w.history(e.Bands) + " " + w.history(e.Diets))})
	}
	return section
}

func (w rightsWords) history(list []canteen.Since) string {
	var parts []string
	for _, s := range list {
		code := s.Code
		if code == "" {
			code = "–"
		}
		parts = append(parts, code+" "+w.t("rights.since", w.f.Date(s.From)))
	}
	return strings.Join(parts, ", ")
}

func (w rightsWords) communications(c *store.ExportChild) documents.DossierSection {
	section := documents.DossierSection{Title: w.of("children.communications", c), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.receipt"), Share: 2.4}, {Title: w.t("rights.col.what"), Share: 3}, {Title: w.t("rights.col.days"), Share: 5},
		{Title: w.t("rights.col.received"), Share: 3.2}, {Title: w.t("rights.col.by"), Share: 3}}}
	for _, r := range c.Communications {
		var days []string
		for _, d := range r.Days {
			days = append(days, w.f.Date(d))
		}
		what := w.word("rights.said.", r.What)
		if r.Kind != store.ReceiptCommunication {
			what = strings.TrimSpace(w.word("rights.receipt.", r.Kind) + " " + what)
		}
		section.Rows = append(section.Rows, []string{r.Number.String(), what, strings.Join(days, ", "), w.at(r.Received), w.s.byWord(w.r, r.By)})
	}
	return section
}

func (w rightsWords) movements(c *store.ExportChild) documents.DossierSection {
	section := documents.DossierSection{Title: w.of("children.movements", c), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.day"), Share: 2}, {Title: w.t("rights.col.what"), Share: 6},
		{Title: w.t("rights.col.amount"), Share: 2, Number: true}, {Title: w.t("rights.col.balance"), Share: 2, Number: true}}}
	for _, m := range c.Movements {
		what := w.word("rights.movement.", string(m.Kind))
		if m.Meal != "" {
			what = w.word("rights.meal.", m.Meal)
		}
		for _, more := range []string{m.Diet, m.Tariff, m.Reason, m.Source} {
			if more != "" {
				what += ", " + more
			}
		}
		section.Rows = append(section.Rows, []string{w.f.Date(m.Day), what, w.f.SignedEuro(m.Amount), w.f.Euro(m.Balance)})
	}
	return section
}

func (w rightsWords) diets(c *store.ExportChild) documents.DossierSection {
	section := documents.DossierSection{Title: w.of("children.diets", c), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.code"), Share: 1.5}, {Title: w.t("rights.col.state"), Share: 2}, {Title: w.t("rights.col.from"), Share: 2},
		{Title: w.t("rights.col.until"), Share: 2}, {Title: w.t("rights.col.words"), Share: 6}, {Title: w.t("rights.col.by"), Share: 3}}}
	for _, d := range c.Diets {
		words := w.word("rights.diet.", string(d.Kind))
		if d.Words != "" {
			words += ": " + d.Words
		}
		section.Rows = append(section.Rows, []string{d.Code, w.word("rights.dietState.", string(d.State)), w.day(d.From), w.day(d.Until), words,
			w.s.byWord(w.r, d.AskedBy)})
	}
	return section
}

func (w rightsWords) delegates(c *store.ExportChild) documents.DossierSection {
	section := documents.DossierSection{Title: w.of("children.delegates", c), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.who"), Share: 5}, {Title: w.t("rights.col.rights"), Share: 5}, {Title: w.t("rights.col.until"), Share: 2}}}
	for _, d := range c.Delegates {
		var rights []string
		for _, right := range d.Rights {
			rights = append(rights, w.word("rights.right.", string(right)))
		}
		section.Rows = append(section.Rows, []string{d.Surname + " " + d.Name, strings.Join(rights, ", "), w.day(d.Until)})
	}
	return section
}

func (w rightsWords) applications(x *store.FamilyExport) documents.DossierSection {
	section := documents.DossierSection{Title: w.t("rights.part.applications"), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.year"), Share: 2}, {Title: w.t("rights.col.child"), Share: 4}, {Title: w.t("rights.col.place"), Share: 4},
		{Title: w.t("rights.col.state"), Share: 2}, {Title: w.t("rights.col.received"), Share: 3.2}}}
	for i := range x.Applications {
		a := &x.Applications[i]
		section.Rows = append(section.Rows, []string{a.Year, a.Child.Surname + " " + a.Child.Name, a.School, w.word("office.enrolment.", a.State), w.at(a.Submitted)})
	}
	return section
}

func (w rightsWords) messages(x *store.FamilyExport) documents.DossierSection {
	section := documents.DossierSection{Title: w.t("rights.part.messages"), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.received"), Share: 3}, {Title: w.t("rights.col.what"), Share: 6}, {Title: w.t("rights.col.child"), Share: 3}}}
	for i := range x.Messages {
		m := &x.Messages[i]
		section.Rows = append(section.Rows, []string{w.at(m.At), w.word("message.", m.Kind+".subject"), m.Child})
	}
	return section
}

func (w rightsWords) corrections(x *store.FamilyExport) documents.DossierSection {
	section := documents.DossierSection{Title: w.t("rights.part.corrections"), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.received"), Share: 3}, {Title: w.t("rights.col.by"), Share: 3}, {Title: w.t("rights.col.what"), Share: 3},
		{Title: w.t("rights.col.old"), Share: 4}, {Title: w.t("rights.col.new"), Share: 4}}}
	for _, c := range x.Corrections {
		section.Rows = append(section.Rows, []string{w.at(c.At), w.s.byWord(w.r, string(c.Role)),
			strings.TrimSpace(w.word("audit.field.", c.Field) + " " + c.Pupil), c.Old, c.New})
	}
	return section
}

func (w rightsWords) accesses(x *store.FamilyExport) documents.DossierSection {
	section := documents.DossierSection{Title: w.t("rights.part.accesses"), Empty: w.t("rights.none"), Columns: []documents.DossierColumn{
		{Title: w.t("rights.col.received"), Share: 3}, {Title: w.t("rights.col.by"), Share: 3}, {Title: w.t("rights.col.what"), Share: 5},
		{Title: w.t("rights.col.child"), Share: 3}}}
	for _, a := range x.Accesses {
		section.Rows = append(section.Rows, []string{w.at(a.At), w.word("role.", string(a.By)), w.word("audit.what.", a.What), a.Child})
	}
	return section
}
