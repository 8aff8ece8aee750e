package store

// applications holds the applications against their indexes and what they name.
func (c *checker) applications() {}
