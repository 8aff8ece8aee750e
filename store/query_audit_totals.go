package store

import "refettorio/canteen"

// Totals are the figures of the town for those who look and change nothing.
type Totals struct {
	Pupils     int
	DaysClosed int
	LastClosed canteen.Date
	Balance    canteen.Cents // of all accounts together
	Debts      canteen.Cents // of the accounts below zero
	InDebt     int
	Income     canteen.Cents // charged since the record began
	Takings    canteen.Cents // received outside the portal
	Entries    uint64
	Receipts   uint64
}

// Totals adds up the record for the auditor: what was charged and what came in
// are the town's own ledgers, the balances those of the pupils.
func (s *Store) Totals(act Act) (t Totals, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayReadRegister(act); err != nil {
			return err
		}
		t = Totals{}
		tx.scan(accounts, nil, func(k, v []byte) bool {
			a, err := decodeAccount(v)
			if err != nil {
				tx.fail(err)
				return false
			}
			t.Pupils, t.Balance = t.Pupils+1, t.Balance+a.balance
			if a.balance < 0 {
				t.InDebt, t.Debts = t.InDebt+1, t.Debts+a.balance
			}
			return true
		})
		sums := readDigests(tx.get(metas, keyDigests))
		t.DaysClosed, t.Entries, t.Receipts = int(sums[days.id].n), sums[entries.id].n, sums[receipts.id].n
		if k, _ := tx.last(days, nil); k != nil {
			t.LastClosed = dayOfKey(k)
		}
		for ledger, into := range map[canteen.Ledger]*canteen.Cents{canteen.LedgerIncome: &t.Income, canteen.LedgerTakings: &t.Takings} {
			if v := tx.get(ledgers, []byte(ledger)); len(v) == 8 {
				*into = canteen.Cents(be.Uint64(v))
			}
		}
		t.Takings = -t.Takings // money leaves that ledger when it reaches a pupil's
		return nil
	})
	return t, err
}
