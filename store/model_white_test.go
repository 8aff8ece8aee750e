package store

import "refettorio/canteen"

// limitWhite writes the accepted white meals down one by one, and refuses those
// that would be the fourth in a row, with what is asked after them.
func (m *modelTown) limitWhite(pan canteen.PAN, from canteen.Date, all []canteen.Outcome) {
	refused := false
	for i, one := range all {
		day := from.AddDays(i)
		switch {
		case one == canteen.TooLate:
			refused = false
		case one == canteen.Accepted && (refused || m.whites(pan, day, -1)+1+m.whites(pan, day, 1) > 3):
			all[i], refused = canteen.OverLimit, true
		case one == canteen.Accepted:
			m.said[pupilDay{pan, day}] = canteen.White
		}
	}
}

// whites counts the white meals in a row before or after a day.
func (m *modelTown) whites(pan canteen.PAN, day canteen.Date, step int) (n int) {
	for range 30 {
		day = day.AddDays(step)
		if !m.eats(pan, day) {
			continue
		}
		if m.said[pupilDay{pan, day}] != canteen.White {
			break
		}
		n++
	}
	return n
}
