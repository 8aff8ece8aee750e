package intake

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"refettorio/canteen"
)

// list writes what there is to say of some lines, the first few.
func list(results []canteen.RowResult) string {
	var b strings.Builder
	for i, r := range results {
		if i == 5 {
			fmt.Fprintf(&b, " … %d in all", len(results))
			break
		}
		fmt.Fprintf(&b, " [line %d, %q: %v]", r.Line, r.Key, r.Reason)
	}
	if b.Len() == 0 {
		return "none"
	}
	return b.String()
}

// refusal returns the refusal of a whole file.
func refusal(t *testing.T, err error) *canteen.Error {
	t.Helper()
	e, ok := errors.AsType[*canteen.Error](err)
	if !ok || e.Kind != canteen.KindInvalid {
		t.Fatalf("error %v; want a refusal of kind Invalid", err)
	}
	return e
}

// dietOf reads a cell of the column "Dieta".
func dietOf(cell string) (canteen.Diet, *canteen.Error) {
	l := layout{header: []string{"Dieta"}, at: map[*column][]int{pupilDiet: {0}}}
	r := &row{record: record{line: 2, cells: []string{cell}}, layout: &l}
	return r.diet(pupilDiet), r.problem
}
