package handlers

import (
	"net/http"
	"net/url"
	"time"

	"refettorio/canteen"
)

// The API reads and writes each kind of value in one way only: days are
// "2026-10-14", instants RFC 3339 with the offset of Rome, money whole cents,
// and what is not there is null.

// civilDay reads a day that must be there. Pages are lenient with dates,
// programs need not be met half-way.
func civilDay(field, text string) (canteen.Date, error) {
	if text == "" {
		return 0, canteen.Invalid(field, "error.required")
	}
	day, err := canteen.ParseDate(text)
	if err != nil || day.String() != text {
		return 0, canteen.Invalid(field, "error.api.date")
	}
	return day, nil
}

// dayRange reads from and to of a query. Without from the range is the given
// one; without to it is as long as the given one. longest bounds its days.
func dayRange(query url.Values, from, to canteen.Date, longest int) (canteen.Date, canteen.Date, error) {
	length := from.DaysUntil(to)
	var err error
	if query.Has("from") {
		if from, err = civilDay("from", query.Get("from")); err != nil {
			return 0, 0, err
		}
	}
	to = from.AddDays(length)
	if query.Has("to") {
		if to, err = civilDay("to", query.Get("to")); err != nil {
			return 0, 0, err
		}
	}
	switch days := from.DaysUntil(to) + 1; {
	case days < 1:
		return 0, 0, canteen.Invalid("to", "error.communication.range")
	case days > longest:
		return 0, 0, canteen.Invalid("to", "error.api.long", longest)
	}
	return from, to, nil
}

// panVar reads the pupil of the address. A code that cannot be one is as
// unknown as one nobody has: a stranger learns nothing from the answer.
func panVar(r *http.Request) (canteen.PAN, error) {
	text := routeVar(r, "pan")
	pan, err := canteen.ParsePAN(text)
	if err != nil || pan.String() != text {
		return 0, canteen.Refuse(canteen.KindNotFound, "error.pupil.notFound")
	}
	return pan, nil
}

// instant is a time in the zone of Rome, nil when there is none.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(canteen.Rome())
	return &t
}

// orNull is nil for the zero value: no day, no code, no meal.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
