package store

import "refettorio/canteen"

// ImportCalendar takes the rows of calendario.csv: the limits of school years,
// by name, and closures and openings. Rules are only ever added: one that stands
// there already, word for word, is unchanged, and one that touches a day that is
// closed is refused.
func (s *Store) ImportCalendar(act Act, rows []canteen.CalendarRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "calendar", len(rows), opt, func(tx *tx, log *importLog) func() error {
		p := newCalendarPlan(tx, log)
		for i := range rows {
			if rows[i].Year != nil {
				p.year(rows[i].Line, *rows[i].Year)
			} else {
				p.rule(rows[i].Line, rows[i].Rule)
			}
		}
		if len(p.newYears)+len(p.newRules) == 0 {
			return nil
		}
		return p.write
	})
}

type calendarPlan struct {
	tx       *tx
	log      *importLog
	years    map[string]canteen.SchoolYear
	rules    map[canteen.DayRule]bool
	names    firstLines[string] // of school years
	newYears []canteen.SchoolYear
	newRules []canteen.DayRule
}

func newCalendarPlan(tx *tx, log *importLog) *calendarPlan {
	p := &calendarPlan{tx: tx, log: log, years: map[string]canteen.SchoolYear{},
		rules: map[canteen.DayRule]bool{}, names: firstLines[string]{}}
	calendar := &tx.townNow().calendar
	for _, y := range calendar.Years {
		p.years[y.Name] = y
	}
	for _, r := range calendar.Rules {
		p.rules[r] = true
	}
	return p
}

func (p *calendarPlan) year(line int, y canteen.SchoolYear) {
	refusal := p.names.again(y.Name, line, columnYear)
	if refusal == nil {
		refusal = yearFits(y)
	}
	if refusal != nil {
		p.log.refused(line, y.Name, refusal)
		return
	}
	have, known := p.years[y.Name]
	differs := have != y
	if differs {
		p.newYears = append(p.newYears, y)
	}
	p.log.took(line, y.Name, outcome(known, differs), nil)
}

// yearFits refuses limits that run backwards.
func yearFits(y canteen.SchoolYear) *canteen.Error {
	switch {
	case y.Name == "":
		return canteen.Invalid(columnYear, "error.schoolYear", y.Name)
	case y.From.IsZero(), y.To <= y.From:
		return canteen.Invalid(columnTo, "error.dayRule.range", y.From, y.To)
	case y.ServiceFrom != 0 && y.ServiceTo != 0 && y.ServiceTo < y.ServiceFrom:
		return canteen.Invalid(columnTo, "error.dayRule.range", y.ServiceFrom, y.ServiceTo)
	}
	return nil
}

func (p *calendarPlan) rule(line int, r canteen.DayRule) {
	key := ruleKey(&r)
	if p.rules[r] {
		p.log.took(line, key, canteen.RowUnchanged, nil)
		return
	}
	err := r.Validate()
	if err == nil {
		err = p.tx.ruleFits(r)
	}
	if err != nil {
		p.log.refused(line, key, asRefusal(err))
		return
	}
	p.rules[r] = true
	p.newRules = append(p.newRules, r)
	p.log.took(line, key, canteen.RowCreated, nil)
}

// ruleKey calls a rule by its place and its first day.
func ruleKey(r *canteen.DayRule) string {
	place := r.Layer.String()
	if r.Scope != "" {
		place += " " + r.Scope
	}
	return place + " " + r.From.String()
}

func (p *calendarPlan) write() error {
	for _, y := range p.newYears {
		p.tx.putYear(y)
		p.log.step()
	}
	for _, r := range p.newRules {
		p.tx.addRule(r)
		p.log.step()
	}
	return p.tx.err
}
