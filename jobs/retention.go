package jobs

import (
	"context"
	"fmt"

	"refettorio/store"
)

// retain takes away what has served its time (rules R5.7), one bounded
// transaction after the other; each has its report in the record. A stop of the
// program between two of them loses nothing.
func (r *Runner) retain(ctx context.Context) (string, error) {
	removed, reports := 0, 0
	for ctx.Err() == nil {
		n, err := r.store.Retain(store.Job())
		removed += n
		if err != nil {
			return "", err
		}
		if n == 0 {
			break
		}
		reports++
	}
	return fmt.Sprintf("%d registrazioni a fine conservazione, %d verbali", removed, reports), nil
}
