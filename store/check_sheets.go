package store

import (
	"encoding/binary"

	"refettorio/canteen"
)

// sheets holds the day's production sheets against the registers: every version
// is the sum of the registers that were closed when it was issued, versions have
// no gap, no class is cooked for twice, and a kitchen whose schools are all
// closed has one.
func (c *checker) sheets(d *checkedDay) {
	cooked := map[canteen.ClassID]canteen.KitchenID{}
	latest := map[canteen.KitchenID]int{}
	c.each(sheets, binary.BigEndian.AppendUint32(nil, uint32(d.day)), func(k, v []byte) {
		sheet, ok := asJSON[canteen.Sheet](c, sheets, k, v)
		if !ok {
			return
		}
		c.rep.Sheets++
		id, version := canteen.KitchenID(binary.BigEndian.Uint16(k[4:])), int(binary.BigEndian.Uint16(k[6:]))
		if kitchen, known := c.town.kitchens[id]; !known || sheet.Kitchen != kitchen.Code || sheet.Date != d.day || sheet.Version != version {
			c.wrong(sheets, k, "the sheet calls itself %s of %q, version %d", sheet.Date, sheet.Kitchen, sheet.Version)
		}
		if version != latest[id]+1 {
			c.wrong(sheets, k, "version %d follows version %d", version, latest[id])
		}
		latest[id] = version
		c.sheet(d, k, id, &sheet, cooked)
	})
	c.due(d, cooked, latest)
}

// sheet examines the rows of one version.
func (c *checker) sheet(d *checkedDay, k []byte, id canteen.KitchenID, sheet *canteen.Sheet, cooked map[canteen.ClassID]canteen.KitchenID) {
	rows, sum := map[canteen.ClassID]bool{}, tally{}
	for _, row := range sheet.Rows {
		class, ok := c.town.byName[checkedName{canteen.YearOf(d.day), row.School, row.Class}]
		counts, closed := d.counts[class]
		if !ok || !closed {
			c.wrong(sheets, k, "row %s %s has no register", row.School, row.Class)
			continue
		}
		if rows[class] {
			c.wrong(sheets, k, "row %s %s stands there twice", row.School, row.Class)
		}
		if other, taken := cooked[class]; taken && other != id {
			c.wrong(sheets, k, "%s %s is on the sheet of kitchen %d too", row.School, row.Class, other)
		}
		rows[class], cooked[class] = true, id
		if row.Diets = orNil(row.Diets); !counts.equals(row.Counts) {
			c.wrong(sheets, k, "row %s %s says %+v and the register %+v", row.School, row.Class, row.Counts, counts.Counts)
		}
		sum.add(counts)
	}
	if sheet.Totals.Diets = orNil(sheet.Totals.Diets); !sum.equals(sheet.Totals) {
		c.wrong(sheets, k, "the totals are %+v and the rows make %+v", sheet.Totals, sum.Counts)
	}
	explained := map[string]bool{}
	for _, diet := range sheet.Legend {
		explained[diet.Code] = true
	}
	for _, of := range []map[string]int{sum.Diets, sum.WhiteDiets} {
		for code := range of {
			if !explained[code] {
				c.wrong(sheets, k, "diet %s is cooked and not explained", code)
			}
		}
	}
	for i := range d.marks {
		c.wholeSchool(k, &d.marks[i], sheet, rows)
	}
}

// orNil makes an empty map nil, as a count without diets has it.
func orNil(m map[string]int) map[string]int {
	if len(m) == 0 {
		return nil
	}
	return m
}

// wholeSchool demands that a school is on a sheet with all its registers or none.
func (c *checker) wholeSchool(k []byte, m *checkedMark, sheet *canteen.Sheet, rows map[canteen.ClassID]bool) {
	on := 0
	for _, r := range m.registers {
		if rows[r.class] {
			on++
		}
	}
	switch {
	case on != 0 && on != len(m.registers):
		c.wrong(sheets, k, "only %d of the %d registers of %s are on the sheet", on, len(m.registers), c.town.schools[m.school].Code)
	case on != 0 && m.At.After(sheet.IssuedAt):
		c.wrong(sheets, k, "the sheet was issued at %s and %s closed at %s", sheet.IssuedAt, c.town.schools[m.school].Code, m.At)
	}
}

// due demands a sheet where one had to be issued. A school can be given to
// another kitchen later and keeps no history of it, nor does the calendar, so
// this is asked only of closings after which neither has changed.
func (c *checker) due(d *checkedDay, cooked map[canteen.ClassID]canteen.KitchenID, latest map[canteen.KitchenID]int) {
	for id, kitchen := range c.town.kitchens {
		complete, any := true, false
		for schoolID, school := range c.town.schools {
			if school.Kitchen != id {
				continue
			}
			m := d.bySchool[schoolID]
			switch {
			case m == nil:
				complete = complete && !c.serves(d, &school)
			case m.Generation != c.town.generation:
				complete = false
			default:
				any = true
			}
		}
		if !any || !complete {
			continue
		}
		if latest[id] == 0 {
			c.problemf("sheets: all schools of kitchen %s are closed on %s and it has no sheet", kitchen.Code, d.day)
			continue
		}
		for schoolID, m := range d.bySchool {
			if c.town.schools[schoolID].Kitchen != id {
				continue
			}
			for _, r := range m.registers {
				if cooked[r.class] != id {
					c.problemf("sheets: %s is on no sheet of kitchen %s on %s", c.town.label(r.class), kitchen.Code, d.day)
				}
			}
		}
	}
}

// serves tells whether a class of a school has a canteen day.
func (c *checker) serves(d *checkedDay, school *canteen.School) bool {
	for _, id := range c.town.ofSchool[school.ID] {
		if c.open(d, school, id) {
			return true
		}
	}
	return false
}
