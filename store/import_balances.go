package store

import (
	"cmp"
	"slices"
	"strconv"

	"refettorio/canteen"
)

// ImportBalances takes the rows of saldi.csv: the balance each pupil brings from
// the old system, as an entry of kind opening (negative balances too). An opening
// is never edited: where the openings of a pupil add up to something else than
// the row says, one more entry carries the difference.
func (s *Store) ImportBalances(act Act, rows []canteen.BalanceRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "balances", len(rows), opt, func(tx *tx, log *importLog) func() error {
		return planBalances(tx, rows, log)
	})
}

// plannedOpening is an opening entry to be posted.
type plannedOpening struct {
	pan    canteen.PAN
	id     string
	amount canteen.Cents
}

func planBalances(tx *tx, rows []canteen.BalanceRow, log *importLog) func() error {
	pans := firstLines[canteen.PAN]{}
	var openings []plannedOpening
	for i := range rows {
		row := &rows[i]
		key := row.PAN.String()
		refusal := pans.again(row.PAN, row.Line, columnPAN)
		if refusal == nil && !tx.has(pupils, keyPAN(row.PAN)) {
			refusal = canteen.Invalid(columnPAN, "error.import.pan", key)
		}
		if refusal != nil {
			log.refused(row.Line, key, refusal)
			continue
		}
		sum, n := tx.openings(row.PAN)
		differs := sum != row.Balance
		if differs {
			openings = append(openings, plannedOpening{row.PAN, openingID(row.PAN, n+1), row.Balance - sum})
		}
		log.took(row.Line, key, outcome(n > 0 || !differs, differs), nil)
	}
	if len(openings) == 0 {
		return nil
	}
	return func() error { return postOpenings(tx, openings, log) }
}

// postOpenings posts in order of PAN, which is the order of the entries' names
// and of the pupils' lists of entries.
func postOpenings(tx *tx, openings []plannedOpening, log *importLog) error {
	slices.SortFunc(openings, func(a, b plannedOpening) int { return cmp.Compare(a.pan, b.pan) })
	for _, o := range openings {
		tx.post(canteen.Entry{ID: o.id, Kind: canteen.EntryOpening, Day: canteen.DateOf(tx.now), At: tx.now,
			Actor: tx.act.Actor.Login, Postings: canteen.Transfer(canteen.LedgerOpening, canteen.LedgerOf(o.pan), o.amount)})
		log.step()
		if tx.err != nil {
			break
		}
	}
	return tx.err
}

// openingID names the nth opening entry of a pupil.
func openingID(pan canteen.PAN, n int) string {
	if n == 1 {
		return "opening/" + pan.String()
	}
	return "opening/" + pan.String() + "/" + strconv.Itoa(n)
}

// openings adds up the opening entries of a pupil and counts them.
func (tx *tx) openings(pan canteen.PAN) (sum canteen.Cents, n int) {
	ledger := canteen.LedgerOf(pan)
	for {
		number := tx.get(entriesByID, []byte(openingID(pan, n+1)))
		if number == nil {
			return sum, n
		}
		var e entry
		if !tx.getJSON(entries, number, &e) {
			return sum, n
		}
		for _, p := range e.Postings {
			if p.Ledger == ledger {
				sum += p.Amount
			}
		}
		n++
	}
}
