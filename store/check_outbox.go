package store

// outbox holds profiles, codes and what is due against persons and messages.
func (c *checker) outbox() {}
