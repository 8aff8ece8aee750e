package store

// counter holds appointments, holds, disposals and ratings together.
func (c *checker) counter() {}
