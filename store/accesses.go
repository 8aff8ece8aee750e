package store

import "refettorio/canteen"

// Vault seals what must not lie readable in the file: health data, certificates,
// the register of accesses, second factors. Its key is kept outside the database
// (design §9). Recipient names the key, so that a wrong one is noticed.
type Vault interface {
	Seal(plain []byte) ([]byte, error)
	Open(sealed []byte) ([]byte, error)
	Recipient() string
}

// look is one thing a member of the staff has read of somebody (rules R5.6).
type look struct {
	what   string // "pupil", "account", "diet", "person" …
	person canteen.GuardianID
	pupil  canteen.PAN
	why    string // asked for certificates
}

// saw notes that the actor reads something personal. Families reading their own
// are not noted, nor are machines.
func (tx *tx) saw(l look) {
	switch tx.act.Actor.Role {
	case "", canteen.RoleGuardian, canteen.RoleDelegate:
		return
	}
	tx.looks = append(tx.looks, l)
}
