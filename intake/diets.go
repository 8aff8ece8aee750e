package intake

import (
	"regexp"
	"strings"

	"refettorio/canteen"
)

var (
	dietCell = regexp.MustCompile(`^([^ :]+)(?:[ :]+[-–]? ?(.+))?$`)
	dietCode = regexp.MustCompile(`^[A-Z-]+$|[0-9]`)
)

// diet reads "G1 senza glutine": a code, then what it means; a word alone is a
// code. A first word that is neither in capitals nor with a digit is not one: of
// "senza glutine" and "senza latte" it would make one diet, and a child would be
// served the other's.
func (r *row) diet(c *column) canteen.Diet {
	s := r.text(c)
	if s == "" || isNone(s) || r.problem != nil {
		return canteen.Diet{}
	}
	m := dietCell.FindStringSubmatch(s)
	if m == nil || m[2] != "" && !dietCode.MatchString(m[1]) {
		r.invalid(c, "error.import.diet", s)
		return canteen.Diet{}
	}
	code, err := canteen.ParseCode("", m[1])
	if err != nil {
		r.refuse(c, err)
	}
	if isFormula(m[2]) {
		r.invalid(c, "error.import.formula", s)
	}
	return canteen.Diet{Code: code, Name: m[2]}
}

// diets remembers how each diet code was first explained, and where.
type diets map[string]explained

type explained struct {
	line int
	name string
}

// check refuses a code that an earlier line explains otherwise: the kitchen cooks
// by the code, and one of the two children would get the wrong dish.
func (known diets) check(r *row, c *column, d canteen.Diet) {
	if r.problem != nil || d.Code == "" || d.Name == "" {
		return
	}
	first, had := known[d.Code]
	switch {
	case !had:
		known[d.Code] = explained{r.line, d.Name}
	case !strings.EqualFold(first.name, d.Name):
		r.invalid(c, "error.import.dietName", d.Code, first.name, first.line)
	}
}
