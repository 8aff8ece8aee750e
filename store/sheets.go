package store

import (
	"cmp"
	"slices"

	"refettorio/canteen"
)

// sheetOf adds up the registers of a kitchen's schools for a day.
func (tx *tx) sheetOf(view *canteen.DayView, id canteen.KitchenID, day canteen.Date) canteen.Sheet {
	return tx.buildSheet(id, day, view, func(class *canteen.Class) (canteen.Counts, bool) {
		v := tx.get(registers, keyRegister(day, class.ID))
		if v == nil {
			return canteen.Counts{}, false
		}
		r, err := viewRegister(v)
		if err != nil {
			tx.fail(err)
			return canteen.Counts{}, false
		}
		var c canteen.Counts
		for i := range r.len() {
			o := r.order(i)
			c.AddMeal(o.Meal, o.Diet)
		}
		c.AddStaff(r.staff())
		return c, true
	})
}

// forecastOf counts what would be cooked if the day closed now.
func (tx *tx) forecastOf(view *canteen.DayView, id canteen.KitchenID, day canteen.Date) canteen.Sheet {
	said := map[canteen.PAN]canteen.CommunicationKind{}
	tx.scan(communications, keyDay(day), func(k, v []byte) bool {
		c, err := decodeCommunication(v)
		if err != nil {
			tx.fail(err)
		}
		said[panAtEnd(k)] = c.Kind
		return err == nil
	})
	return tx.buildSheet(id, day, view, func(class *canteen.Class) (canteen.Counts, bool) {
		return tx.expectedClass(class, day, said), true
	})
}

// buildSheet lays out a kitchen's classes with service and counts each.
func (tx *tx) buildSheet(id canteen.KitchenID, day canteen.Date, view *canteen.DayView,
	count func(*canteen.Class) (canteen.Counts, bool)) canteen.Sheet {
	town := tx.townNow()
	k := town.byKitchen[id]
	sheet := canteen.Sheet{Date: day, Kitchen: k.Code, Name: k.Name, Rows: []canteen.SheetRow{}}
	sheet.Totals.Diets = map[string]int{}
	gaps := tx.outagesOn(day)
	for i := range town.schools {
		school := &town.schools[i]
		if school.Kitchen != id {
			continue
		}
		if cutoff := tx.cutoff(day, school, gaps); cutoff.At.After(sheet.Cutoff) {
			sheet.Cutoff = cutoff.At
		}
		serving := tx.serving(view, school, day)
		slices.SortFunc(serving, func(a, b *canteen.Class) int {
			return cmp.Or(cmp.Compare(a.Grade, b.Grade), cmp.Compare(a.Section, b.Section))
		})
		for _, class := range serving {
			counts, ok := count(class)
			if !ok {
				continue
			}
			if counts.Diets == nil {
				counts.Diets = map[string]int{}
			}
			sheet.Rows = append(sheet.Rows, canteen.SheetRow{School: school.Code, SchoolName: school.Name,
				Class: class.Name(), Counts: counts})
			sheet.Totals.Add(counts)
		}
	}
	sheet.Legend = town.legend(sheet.Totals)
	return sheet
}

// legend explains the diets that occur in a sheet.
func (t *town) legend(c canteen.Counts) []canteen.Diet {
	var legend []canteen.Diet
	add := func(code string) {
		d, ok := t.diets[code]
		if !ok {
			d = canteen.Diet{Code: code}
		}
		if !slices.ContainsFunc(legend, func(have canteen.Diet) bool { return have.Code == code }) {
			legend = append(legend, d)
		}
	}
	for code := range c.Diets {
		add(code)
	}
	for code := range c.WhiteDiets {
		add(code)
	}
	slices.SortFunc(legend, func(a, b canteen.Diet) int { return cmp.Compare(a.Code, b.Code) })
	return legend
}

// Sheets returns the sheets of a day: of one kitchen, by its code, or of all.
// Version 0 is the latest. A kitchen that has none yet gives its forecast when
// forecast is set, and nothing otherwise. KindNotFound for an unknown kitchen.
func (s *Store) Sheets(act Act, day canteen.Date, kitchen string, version int, forecast bool) (all []canteen.Sheet, err error) {
	err = s.view(act, func(tx *tx) error {
		all = nil
		town, found := tx.townNow(), kitchen == ""
		view := town.calendar.Day(day)
		for i := range town.kitchens {
			k := &town.kitchens[i]
			if kitchen != "" && k.Code != kitchen {
				continue
			}
			found = true
			if sheet, ok := tx.sheet(day, k.ID, version); ok {
				all = append(all, sheet)
			} else if forecast {
				all = append(all, tx.forecastOf(&view, k.ID, day))
			}
		}
		if !found {
			return canteen.Refuse(canteen.KindNotFound, "error.kitchen.notFound", kitchen)
		}
		return nil
	})
	return all, err
}

// sheet reads one version of a sheet; 0 is the latest.
func (tx *tx) sheet(day canteen.Date, id canteen.KitchenID, version int) (sheet canteen.Sheet, ok bool) {
	if version > 0 {
		ok = tx.getJSON(sheets, keySheet(day, id, version), &sheet)
	} else if k, v := tx.last(sheets, append(keyDay(day), key16(uint16(id))...)); k != nil {
		ok = tx.decode(sheets, k, v, &sheet)
	}
	sheet.IssuedAt, sheet.Cutoff = sheet.IssuedAt.In(canteen.Rome()), sheet.Cutoff.In(canteen.Rome())
	return sheet, ok
}
