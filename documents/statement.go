package documents

import (
	"io"
	"time"

	"refettorio/canteen"
)

// Statement is the account of a pupil over a period (estratto conto).
type Statement struct {
	Town    string // "Comune di Lucera"
	Pupil   string // name and surname
	PAN     canteen.PAN
	From    canteen.Date // the first day of the period
	To      canteen.Date // the last day, included
	Issued  time.Time    // the instant the account was read; never zero
	Opening canteen.Cents
	Lines   []StatementLine // in the order in which they were recorded
}

// StatementLine is one movement. Balance is what it left on the account.
type StatementLine struct {
	Day     canteen.Date // the day it is about
	At      time.Time    // when it was recorded
	What    string       // in the words of the page it is asked from
	Amount  canteen.Cents
	Balance canteen.Cents
}

// closing is the balance at the end of the period.
func (s *Statement) closing() canteen.Cents {
	if len(s.Lines) == 0 {
		return s.Opening
	}
	return s.Lines[len(s.Lines)-1].Balance
}

// sums returns what came in and what went out; the second is not positive.
func (s *Statement) sums() (credits, debits canteen.Cents) {
	for _, l := range s.Lines {
		if l.Amount > 0 {
			credits += l.Amount
		} else {
			debits += l.Amount
		}
	}
	return credits, debits
}

// StatementCSV writes a statement as a table: whose account it is and of when,
// then a line for each movement between the opening and the closing balance.
func StatementCSV(w io.Writer, t Translate, s *Statement) error {
	c := NewCSV(w)
	c.Row(Text(t("document.statement.title")), Text(s.Town))
	c.Row(Text(t("document.statement.pupil")), Text(s.Pupil))
	c.Row(Text(t("document.statement.pan")), Text(s.PAN.String()))
	c.Row(Text(t("document.statement.period")), Day(s.From), Day(s.To))
	c.Row(Text(t("document.statement.updated")), Moment(s.Issued))
	c.Row()
	c.Row(Text(t("document.statement.day")), Text(t("document.statement.at")), Text(t("document.statement.what")),
		Text(t("document.statement.amount")), Text(t("document.statement.balance")))
	c.Row(Day(s.From), Text(""), Text(t("document.statement.opening")), Text(""), Money(s.Opening))
	for _, l := range s.Lines {
		c.Row(Day(l.Day), Moment(l.At), Text(l.What), Money(l.Amount), Money(l.Balance))
	}
	c.Row(Day(s.To), Text(""), Text(t("document.statement.closing")), Text(""), Money(s.closing()))
	return c.Flush()
}
