package store

import (
	"encoding/json"
	"time"

	"refettorio/canteen"
)

// settingVault names the key of the vault: what was sealed under it opens with
// no other.
const settingVault = "vault"

// vaultKey is what the record knows of the key that is kept outside it.
type vaultKey struct {
	Recipient string    `json:"recipient"`
	Since     time.Time `json:"since"`
}

func (tx *tx) vaultKey() (key vaultKey) {
	tx.getJSON(settings, []byte(settingVault), &key)
	return key
}

// VaultRecipient returns the public name of the key this record is sealed under;
// empty when nothing was sealed yet.
func (s *Store) VaultRecipient() (recipient string, err error) {
	err = s.view(Console(), func(tx *tx) error {
		recipient = tx.vaultKey().Recipient
		return nil
	})
	return recipient, err
}

// UseVault gives the store the vault it seals with. It is called once, before
// anything is asked of the store. The first one is recorded by name; a later one
// must be the same: another key is a KindConflict, and nothing was written.
func (s *Store) UseVault(v Vault) error {
	err := s.update(Console(), func(tx *tx) error {
		if tx.vaultKey().Recipient != "" {
			return tx.rightVault(v)
		}
		tx.putSetting(settingVault, vaultKey{Recipient: v.Recipient(), Since: tx.now})
		tx.logChange("vault", v.Recipient(), "")
		return nil
	})
	if err != nil {
		return err
	}
	s.opt.Vault = v
	return nil
}

// rightVault refuses a vault that is not the one the record is sealed under.
func (tx *tx) rightVault(v Vault) error {
	if key := tx.vaultKey(); key.Recipient != "" && key.Recipient != v.Recipient() {
		return canteen.Refuse(canteen.KindConflict, "error.vault.wrong", v.Recipient(), key.Recipient)
	}
	return nil
}

// provedVault holds a vault that came with the options against the record.
func (s *Store) provedVault() error {
	if s.opt.Vault == nil {
		return nil
	}
	return s.view(Console(), func(tx *tx) error { return tx.rightVault(s.opt.Vault) })
}

// sealBytes seals, outside any transaction. Without a vault it is KindUnavailable.
func (s *Store) sealBytes(plain []byte) ([]byte, error) {
	if s.opt.Vault == nil {
		return nil, canteen.Refuse(canteen.KindUnavailable, "error.vault.none")
	}
	return s.opt.Vault.Seal(plain)
}

// openBytes opens what sealBytes made. What cannot be opened is KindUnavailable:
// it is there, but not for the key at hand.
func (s *Store) openBytes(sealed []byte) ([]byte, error) {
	if s.opt.Vault == nil {
		return nil, canteen.Refuse(canteen.KindUnavailable, "error.vault.none")
	}
	plain, err := s.opt.Vault.Open(sealed)
	if err != nil {
		return nil, &canteen.Error{Kind: canteen.KindUnavailable, Key: "error.vault.open", Err: err}
	}
	return plain, nil
}

// sealJSON and openJSON carry the values that lie sealed inside a record.
func (s *Store) sealJSON(v any) ([]byte, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.sealBytes(body)
}

func (s *Store) openJSON(sealed []byte, v any) error {
	if len(sealed) == 0 {
		return nil
	}
	plain, err := s.openBytes(sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, v)
}

// VaultReport says whether the key at hand opens what the record holds sealed.
type VaultReport struct {
	Recipient string   `json:"recipient"` // of the record; empty when it names no key
	Opened    int      `json:"opened"`
	Problems  []string `json:"problems,omitempty"` // handles of what does not open, and why
}

// CheckVault opens everything that the diets keep sealed, and shows none of it:
// the drill of a restored backup and its key. Only the console and the jobs may
// ask (KindForbidden).
func (s *Store) CheckVault(act Act) (report VaultReport, err error) {
	if act.Actor.Login != canteen.ConsoleActor.Login && act.Actor.Login != canteen.JobActor.Login {
		return report, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	var handles []string
	err = s.view(act, func(tx *tx) error {
		report.Recipient, handles = tx.vaultKey().Recipient, nil
		tx.scan(dietRequests, nil, func(k, _ []byte) bool {
			handles = append(handles, string(k))
			return true
		})
		return nil
	})
	for _, handle := range handles {
		n, failed := s.opens(act, handle)
		report.Opened += n
		if failed != nil {
			report.Problems = append(report.Problems, handle+": "+failed.Error())
		}
	}
	return report, err
}

// opens opens the sealed parts of a diet request, one read for each: a
// transaction that decrypts megabytes would keep others waiting.
func (s *Store) opens(act Act, handle string) (n int, err error) {
	var sealed [][]byte
	err = s.view(act, func(tx *tx) error {
		r, _ := tx.dietRequest(handle)
		sealed = [][]byte{r.Sealed, r.Notes, append([]byte(nil), tx.get(certificates, keyHandle(handle))...)}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, part := range sealed {
		if len(part) == 0 {
			continue
		}
		if _, err := s.openBytes(part); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
