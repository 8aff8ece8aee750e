package documents

import (
	"io"
	"time"
)

// RegisterLine is a line of the register of accesses, in words.
type RegisterLine struct {
	Number                        uint64
	At                            time.Time
	Who, Role, What, Whose        string
	Why, Result, Address, Channel string
}

// RegisterCSV writes lines of the register of accesses as a table, for the data
// protection officer (rules R5.6).
func RegisterCSV(w io.Writer, t Translate, lines []RegisterLine) error {
	c := NewCSV(w)
	c.Row(Text(t("document.register.number")), Text(t("document.register.at")), Text(t("document.register.who")),
		Text(t("document.register.role")), Text(t("document.register.what")), Text(t("document.register.whose")),
		Text(t("document.register.why")), Text(t("document.register.result")), Text(t("document.register.channel")), Text(t("document.register.address")))
	for _, l := range lines {
		c.Row(Int(int(l.Number)), Moment(l.At), Text(l.Who), Text(l.Role), Text(l.What), Text(l.Whose), Text(l.Why), Text(l.Result),
			Text(l.Channel), Text(l.Address))
	}
	return c.Flush()
}

// DossierCSV writes the tables of a dossier one under the other.
func DossierCSV(w io.Writer, t Translate, doc *Dossier) error {
	c := NewCSV(w)
	c.Row(Text(doc.Title), Text(doc.Town))
	c.Row(Text(t("document.dossier.made")), Moment(doc.Issued))
	for i := range doc.Sections {
		s := &doc.Sections[i]
		c.Row()
		c.Row(Text(s.Title))
		for _, fact := range s.Facts {
			c.Row(Text(fact[0]), Text(fact[1]))
		}
		var cells []Cell
		for _, column := range s.Columns {
			cells = append(cells, Text(column.Title))
		}
		if len(cells) > 0 {
			c.Row(cells...)
		}
		for _, texts := range s.Rows {
			cells = cells[:0]
			for _, text := range texts {
				cells = append(cells, Text(text))
			}
			c.Row(cells...)
		}
	}
	return c.Flush()
}
