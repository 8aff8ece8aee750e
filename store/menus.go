package store

import "refettorio/canteen"

// putMenu is the one writer of menus.
func (tx *tx) putMenu(m canteen.Menu) {
	tx.putJSON(menus, []byte(m.Name), m)
	tx.changed()
}

// menus returns the menus of the town; the slice is shared.
func (tx *tx) menus() []canteen.Menu { return tx.townNow().menus }

// Menus returns every menu with its rotation. The slice is shared and must not
// be changed.
func (s *Store) Menus(act Act) (all []canteen.Menu, err error) {
	err = s.view(act, func(tx *tx) error {
		all = tx.menus()
		return nil
	})
	return all, err
}
