package store

// dietRequests holds diet requests and certificates against each other.
func (c *checker) dietRequests() {}
