package store

import "refettorio/canteen"

// settingDiets names the rules of the diets.
const settingDiets = "diets"

// mayKeepDiets: the codes and the rules of the diets are the diets officer's,
// and the office's where a town has none.
func mayKeepDiets(act Act) error {
	if act.Actor.Role == canteen.RoleDiets {
		return nil
	}
	return mayKeep(act)
}

// DietRules returns the rules of the diets in force. They are no secret: the
// limit of white meals is written on the families' pages.
func (s *Store) DietRules(act Act) (rules canteen.DietRules, err error) {
	err = s.view(act, func(tx *tx) error {
		rules = tx.townNow().dietRules
		return nil
	})
	return rules, err
}

// SetDietRules changes the rules of the diets; what was approved keeps its dates.
func (s *Store) SetDietRules(act Act, rules canteen.DietRules) error {
	return s.updateOnce(act, rules, func(tx *tx) error {
		if err := mayKeepDiets(act); err != nil {
			return err
		}
		if err := rules.Validate(); err != nil {
			return err
		}
		tx.putSetting(settingDiets, rules)
		tx.logChange("diet.rules", "", "")
		return nil
	})
}

// RunDiets is the night's work on the diets: families are warned once of an
// approval that ends soon, and approvals that are over are marked as expired. A
// health diet stays served all the same, see canteen.DietRequest.Served.
func (s *Store) RunDiets(act Act) (warned, expired int, err error) {
	err = s.updateAlone(act, func(tx *tx) error {
		if act.Actor.Login != canteen.JobActor.Login {
			return canteen.Refuse(canteen.KindForbidden, "error.forbidden")
		}
		warned, expired = 0, 0
		today, days := canteen.DateOf(tx.now), tx.townNow().dietRules.Warn
		for _, r := range loadAll[canteen.DietRequest](tx, dietRequests) {
			switch {
			case r.Standing(today) == canteen.DietExpired && r.State == canteen.DietApproved:
				r.State = canteen.DietExpired
				r.History = append(r.History, tx.step(string(canteen.DietExpire), ""))
				if r.Kind == canteen.DietEthical {
					if err := tx.endDiet(&r); err != nil {
						return err
					}
				}
				tx.tellDiet(&r, "diet.expired", Fact{Day: r.Until}, yearFact(r.Until))
				expired++
			case r.Expiring(today, days) && r.Warned != r.Until:
				r.Warned = r.Until
				tx.tellDiet(&r, "diet.expiring", Fact{Day: r.Until}, yearFact(r.Until))
				warned++
			default:
				continue
			}
			tx.putDietRequest(&r)
		}
		return nil
	})
	return warned, expired, err
}
