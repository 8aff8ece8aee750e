package store

import (
	"slices"

	"refettorio/canteen"
)

// whiteLook bounds how far the limit of white meals looks beyond a request, in
// days: the longest closure within a school year fits.
const whiteLook = 40

// limitWhite turns the accepted days of a request for white meals that would be
// one in a row too many into refusals (rules R9.4). Only such requests pay for
// it; the usual one looks at a single school day on either side.
func (d *pupilDays) limitWhite(out *PupilOutcome) {
	limit := d.town.dietRules.White
	if limit == 0 || out.Count(canteen.Accepted) == 0 {
		return
	}
	first, last := out.Days[0].Day, out.Days[len(out.Days)-1].Day
	before := d.whiteBeside(first, -1, limit)
	stretch := before
	for _, answer := range out.Days {
		stretch = append(stretch, canteen.WhiteDay{School: answer.Outcome != canteen.NoService,
			White: answer.Outcome == canteen.Already, Asked: answer.Outcome == canteen.Accepted})
	}
	stretch = append(stretch, d.whiteBeside(last, 1, limit)...)
	for i, over := range canteen.OverWhiteLimit(limit, stretch)[len(before):] {
		if over {
			out.Days[i].Outcome, out.Limit = canteen.OverLimit, limit
		}
	}
}

// whiteBeside returns, in order of day, what stands on the school days before
// (step -1) or after (step 1) a day: up to the first without a white meal, and no
// more than the limit.
func (d *pupilDays) whiteBeside(day canteen.Date, step, limit int) (days []canteen.WhiteDay) {
	for n := 0; n < whiteLook && len(days) < limit; n++ {
		day = day.AddDays(step)
		state := d.on(day)
		if !state.Enrolled || !state.Service {
			continue
		}
		if state.Current == nil || state.Current.Kind != canteen.White {
			break
		}
		days = append(days, canteen.WhiteDay{School: true, White: true})
	}
	if step < 0 {
		slices.Reverse(days)
	}
	return days
}
