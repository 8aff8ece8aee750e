package store

// households holds delegations, invitations and logins against the persons they name.
func (c *checker) households() {}
