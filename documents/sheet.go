package documents

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"refettorio/canteen"
)

// sheetView is a production sheet arranged as people read it: schools, their
// classes, and what changed since the version before.
type sheetView struct {
	*canteen.Sheet
	t        Translate
	marked   bool // there is a version before to compare with
	before   canteen.Counts
	measures []measure
	schools  []schoolView
}

// schoolView is the classes of one school with their sum.
type schoolView struct {
	name   string
	counts canteen.Counts
	rows   []rowView
}

// rowView is one class. Before is what the version before said, nil when the
// class did not change or there is nothing to compare with.
type rowView struct {
	class  string
	counts canteen.Counts
	before *canteen.Counts
}

// measure is one column of numbers.
type measure struct {
	title string
	diet  string // the code, when the column is a diet
	white bool   // the column of the white meals
	whole bool   // a zero is worth printing
	of    func(*canteen.Counts) int
}

// viewSheet arranges a sheet. The previous version may be nil.
func viewSheet(t Translate, s, previous *canteen.Sheet) *sheetView {
	v := &sheetView{Sheet: s, t: t}
	if previous != nil && s.Version > 1 {
		v.marked, v.before = true, previous.Totals
	} else {
		previous = nil
	}
	v.group(previous)
	v.measures = sheetMeasures(t, dietCodes(s, previous))
	return v
}

// group gathers the rows by school, in the order of the sheet. A class that the
// version before had and this one has not stays in sight, with nothing to cook.
func (v *sheetView) group(previous *canteen.Sheet) {
	old := map[string]canteen.Counts{}
	places := map[string]int{}
	if previous != nil {
		for _, r := range previous.Rows {
			old[rowKey(r)] = r.Counts
		}
	}
	add := func(r canteen.SheetRow) {
		i, ok := places[r.School]
		if !ok {
			i = len(v.schools)
			places[r.School] = i
			v.schools = append(v.schools, schoolView{name: r.SchoolName})
		}
		row := rowView{class: r.Class, counts: r.Counts}
		if before := old[rowKey(r)]; previous != nil && !sameCounts(before, r.Counts) {
			row.before = &before
		}
		v.schools[i].counts.Add(r.Counts)
		v.schools[i].rows = append(v.schools[i].rows, row)
		delete(old, rowKey(r))
	}
	for _, r := range v.Rows {
		add(r)
	}
	if previous == nil {
		return
	}
	for _, r := range previous.Rows {
		if _, gone := old[rowKey(r)]; gone {
			r.Counts = canteen.Counts{}
			add(r)
		}
	}
}

func rowKey(r canteen.SheetRow) string { return r.School + "\x00" + r.Class }

// dietCodes lists the diets with a meal in either version, in order.
func dietCodes(sheets ...*canteen.Sheet) []string {
	seen := map[string]bool{}
	for _, s := range sheets {
		if s == nil {
			continue
		}
		for _, r := range s.Rows {
			for code, n := range r.Diets {
				seen[code] = seen[code] || n > 0
			}
		}
	}
	maps.DeleteFunc(seen, func(_ string, occurs bool) bool { return !occurs })
	return slices.Sorted(maps.Keys(seen))
}

func sheetMeasures(t Translate, diets []string) []measure {
	m := []measure{
		{title: t("document.sheet.enrolled"), whole: true, of: func(c *canteen.Counts) int { return c.Enrolled }},
		{title: t("document.sheet.absent"), of: func(c *canteen.Counts) int { return c.Absent }},
		{title: t("document.sheet.standard"), whole: true, of: func(c *canteen.Counts) int { return c.Standard }},
		{title: t("document.sheet.white"), white: true, of: func(c *canteen.Counts) int { return c.White }},
	}
	for _, code := range diets {
		m = append(m, measure{title: code, diet: code, of: func(c *canteen.Counts) int { return c.Diets[code] }})
	}
	return append(m,
		measure{title: t("document.sheet.staff"), of: func(c *canteen.Counts) int { return c.Staff }},
		measure{title: t("document.sheet.total"), whole: true, of: func(c *canteen.Counts) int { return c.Total }})
}

func sameCounts(a, b canteen.Counts) bool {
	return a.Enrolled == b.Enrolled && a.Absent == b.Absent && a.Standard == b.Standard && a.White == b.White &&
		a.Staff == b.Staff && a.Total == b.Total && maps.Equal(a.Diets, b.Diets) && maps.Equal(a.WhiteDiets, b.WhiteDiets)
}

// whiteDiets writes which white meals belong to a diet as well, "G1: 1, L1: 2":
// rice in bianco can still hurt.
func whiteDiets(c *canteen.Counts) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(c.WhiteDiets)) {
		if n := c.WhiteDiets[code]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s: %d", code, n))
		}
	}
	return strings.Join(parts, ", ")
}

// whiteNote is whiteDiets as a remark, "di cui G1: 1", or nothing.
func (v *sheetView) whiteNote(c *canteen.Counts) string {
	if list := whiteDiets(c); list != "" {
		return v.t("document.sheet.ofWhich", list)
	}
	return ""
}

// changes writes what a row became, column by column: "Standard: 19 → 18".
func (v *sheetView) changes(before, now *canteen.Counts) string {
	var parts []string
	for _, m := range v.measures {
		if was, is := m.of(before), m.of(now); was != is {
			parts = append(parts, m.title+": "+arrow(was, is))
		}
	}
	if was, is := whiteDiets(before), whiteDiets(now); was != is {
		parts = append(parts, v.t("document.sheet.whiteDiets")+": "+orNone(was)+" → "+orNone(is))
	}
	return strings.Join(parts, "; ")
}

func arrow(was, is int) string { return fmt.Sprintf("%d → %d", was, is) }

func orNone(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// forecast tells whether the sheet has not been issued yet.
func (v *sheetView) forecast() bool { return v.Version == 0 }

// edition names the version: "Versione 2", or "Previsione".
func (v *sheetView) edition() string {
	if v.forecast() {
		return v.t("document.sheet.forecast")
	}
	return v.t("document.sheet.version", v.Version)
}

// issued says when the version was issued, with the day only when it is not the
// day of the meals; nothing for a forecast.
func (v *sheetView) issued() string {
	switch {
	case v.forecast() || v.IssuedAt.IsZero():
		return ""
	case canteen.DateOf(v.IssuedAt) == v.Date:
		return v.t("document.sheet.issued", clock(v.IssuedAt))
	}
	return v.t("document.sheet.issuedOn", shortDate(canteen.DateOf(v.IssuedAt)), clock(v.IssuedAt))
}

// cutoffLabel names the cut-off, which a forecast still has ahead.
func (v *sheetView) cutoffLabel() string {
	if v.forecast() {
		return v.t("document.sheet.cutoffAhead")
	}
	return v.t("document.sheet.cutoff")
}

// stamp is the instant written into a file as the time of its making.
func (v *sheetView) stamp() time.Time {
	if v.IssuedAt.IsZero() {
		return v.Date.At(0)
	}
	return v.IssuedAt
}

// diet returns the legend's words for a code, or only the code.
func (v *sheetView) diet(code string) canteen.Diet {
	for _, d := range v.Legend {
		if d.Code == code {
			return d
		}
	}
	return canteen.Diet{Code: code}
}

// dietMeals is the number of meals of all diets.
func dietMeals(c *canteen.Counts) int {
	n := 0
	for _, meals := range c.Diets {
		n += meals
	}
	return n
}
