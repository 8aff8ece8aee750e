package store

import "testing"

// fillApplications puts a record into each table of its area.
func fillApplications(t *testing.T, s *Store, c *clock, town *smallTown) {
	t.Helper()
}
