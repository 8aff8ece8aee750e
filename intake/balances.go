package intake

import (
	"io"

	"refettorio/canteen"
)

var (
	balancePAN = &column{name: "PAN", need: filled,
		also: []string{"Codice PAN", "Codice alunno", "Codice utente"}}
	balanceAmount = &column{name: "Saldo", need: filled,
		also: []string{"Credito", "Importo", "Saldo attuale", "Saldo conto", "Balance", "Amount"}}

	balanceColumns = []*column{balancePAN, balanceAmount}
)

// maxBalance bounds a balance on both sides: what is beyond is a lost decimal
// comma, and sums of such amounts could overflow.
const maxBalance canteen.Cents = 100_000_00

// Balances reads saldi.csv. A PAN may stand once.
func Balances(r io.Reader) (Result[canteen.BalanceRow], error) {
	pans := seen[canteen.PAN]{}
	return read(r, balanceColumns, named(balancePAN), func(r *row) canteen.BalanceRow {
		v := canteen.BalanceRow{
			Line:    r.line,
			PAN:     parse(r, balancePAN, canteen.ParsePAN),
			Balance: parse(r, balanceAmount, asBalance),
		}
		once(pans, r, balancePAN, v.PAN)
		return v
	})
}

func asBalance(s string) (canteen.Cents, error) {
	c, err := canteen.ParseCents(s)
	if err == nil && (c > maxBalance || c < -maxBalance) {
		return 0, canteen.Invalid("", "error.import.amount", s, maxBalance.String())
	}
	return c, err
}
