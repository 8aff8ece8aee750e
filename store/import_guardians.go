package store

import "refettorio/canteen"

// ImportGuardians takes the rows of genitori.csv. A person is known by the
// codice fiscale; a known one gets the row's name and contacts, and keeps what
// the row leaves empty.
func (s *Store) ImportGuardians(act Act, rows []canteen.GuardianRow, opt ImportOptions) (canteen.ImportReport, error) {
	return s.importRows(act, "guardians", len(rows), opt, func(tx *tx, log *importLog) func() error {
		return planGuardians(tx, rows, log)
	})
}

func planGuardians(tx *tx, rows []canteen.GuardianRow, log *importLog) func() error {
	codes := firstLines[canteen.CodiceFiscale]{}
	var changed []canteen.Guardian
	for i := range rows {
		row := &rows[i]
		cf := row.Guardian.CodiceFiscale
		if twice := codes.again(cf, row.Line, columnCF); twice != nil {
			log.refused(row.Line, string(cf), twice)
			continue
		}
		next := row.Guardian
		next.ID = 0
		differs := true
		id, known := tx.guardianByCF(cf)
		if known {
			have, _ := tx.guardian(id)
			next = mergedGuardian(have, row.Guardian)
			differs = next != have
		}
		if differs {
			changed = append(changed, next)
		}
		log.took(row.Line, string(cf), outcome(known, differs), nil)
	}
	if len(changed) == 0 {
		return nil
	}
	return func() error {
		return tx.inKeyOrder(func() error {
			for _, g := range changed {
				if g.ID == 0 {
					g.ID = canteen.GuardianID(tx.next(guardians))
				}
				tx.putGuardian(g)
				log.step()
			}
			return tx.err
		})
	}
}

// mergedGuardian is a known person with what a row says of it.
func mergedGuardian(have, row canteen.Guardian) canteen.Guardian {
	return canteen.Guardian{
		ID: have.ID, Handle: have.Handle, CodiceFiscale: have.CodiceFiscale,
		Surname: said(row.Surname, have.Surname), Name: said(row.Name, have.Name),
		Phone: said(row.Phone, have.Phone), Email: said(row.Email, have.Email),
		Address: said(row.Address, have.Address), PostCode: said(row.PostCode, have.PostCode),
		City: said(row.City, have.City),
	}
}
