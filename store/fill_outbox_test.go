package store

import (
	"testing"

	"refettorio/canteen"
)

// fillOutbox puts a record into each table of its area.
func fillOutbox(t *testing.T, s *Store, c *clock, _ *smallTown) {
	t.Helper()
	r := registering{t: t, s: s, c: c, word: "a-form-id-of-many-letters"}
	r.begin("ada.marrone@example.org", "333 1112223")
	r.prove()
	r.describe(canteen.Guardian{Surname: "Marrone", Name: "Ada", CodiceFiscale: "MRRDAA85A41D643B", Address: "Via Roma 1", PostCode: "71036", City: "Borgoluce"})
	if _, ok := r.finish(); !ok {
		t.Fatal("the registration of somebody unknown was left to the office")
	}
	r.word = "another-form-id-of-many-letters"
	r.begin("luca.verde@example.org", "333 4445556")
}
