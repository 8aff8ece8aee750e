package store

// accessRegister holds the register of accesses against its chain.
func (c *checker) accessRegister() {}
