package canteen

// WhiteDay is a day as the limit of white meals sees it.
type WhiteDay struct {
	School bool // the canteen is open for the pupil: other days neither count nor interrupt
	White  bool // a white meal stands, or was given
	Asked  bool // a white meal is asked now and would otherwise be accepted
}

// OverWhiteLimit tells which asked days of a stretch would make more than limit
// white meals on school days in a row (rules R9.4): for those a certificate is
// needed. Weekends and closures join what lies on either side of them, so that
// Friday and Monday follow each other; a day on which the pupil eats something
// else, or is away, interrupts. The first days asked are the ones accepted: from
// the first that is over, nothing more of the same stretch is. limit 0 is none.
func OverWhiteLimit(limit int, days []WhiteDay) []bool {
	over := make([]bool, len(days))
	if limit == 0 {
		return over
	}
	run, refused := 0, false
	for i, d := range days {
		switch {
		case !d.School:
		case d.White:
			run++
		case !d.Asked:
			run, refused = 0, false
		case refused || run+1+standingAfter(days[i+1:]) > limit:
			over[i], refused, run = true, true, 0
		default:
			run++
		}
	}
	return over
}

// standingAfter counts the white meals that stand on the next school days, up to
// the first that has none.
func standingAfter(days []WhiteDay) (n int) {
	for _, d := range days {
		switch {
		case !d.School:
		case !d.White:
			return n
		default:
			n++
		}
	}
	return n
}
