package store

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"refettorio/canteen"
)

// settingPeriods names the periods of retention among the settings.
const settingPeriods = "retention"

// disposalBound is how many records one transaction of the retention job takes
// away at most.
const disposalBound = 500

// Disposal is the report of what the retention job took away in one transaction,
// written in the same transaction. Prev is the SHA-256 of the report before, and
// the log of changes names each report with its own: a report that is changed or
// gone shows in both.
type Disposal struct {
	Number  uint64          `json:"number"`
	At      time.Time       `json:"at"`
	Actor   string          `json:"actor"`
	Classes []DisposedClass `json:"classes"`
	Prev    []byte          `json:"prev,omitempty"`
}

// DisposedClass is what happened to the records of a class. From and To are the
// days on which the periods of the removed ones began, oldest and newest.
type DisposedClass struct {
	Class   canteen.KeepClass `json:"class"`
	Period  int               `json:"period"` // in units of the class's rule
	Unit    canteen.KeepUnit  `json:"unit"`
	Removed int               `json:"removed,omitempty"`
	Held    int               `json:"held,omitempty"` // due, and kept for a hold or a debt
	Due     int               `json:"due,omitempty"`  // of a class that is only reported
	From    canteen.Date      `json:"from,omitempty"`
	To      canteen.Date      `json:"to,omitempty"`
}

// Removed is how many records a report is about.
func (d *Disposal) Removed() (n int) {
	for _, c := range d.Classes {
		n += c.Removed
	}
	return n
}

// periods are the periods as the administrator set them.
func (tx *tx) periods() canteen.Periods {
	p := canteen.Periods{}
	tx.getJSON(settings, []byte(settingPeriods), &p)
	return p
}

// Periods returns the periods of retention in force.
func (s *Store) Periods(act Act) (p canteen.Periods, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		p = tx.periods()
		for _, r := range canteen.KeepRules {
			p[r.Class] = p.Of(r)
		}
		return nil
	})
	return p, err
}

// PutPeriods changes periods of retention; classes it does not name stay. It may
// return Forbidden (administrators only) and Invalid with the class as field.
func (s *Store) PutPeriods(act Act, p canteen.Periods) error {
	return s.updateOnce(act, p, func(tx *tx) error {
		if err := mayManageUsers(act); err != nil {
			return err
		}
		if err := p.Validate(); err != nil {
			return err
		}
		now, changed := tx.periods(), false
		for _, r := range canteen.KeepRules {
			n, named := p[r.Class]
			if old := now.Of(r); named && n != old {
				now[r.Class], changed = n, true
				tx.logChange("retention.period", string(r.Class), fmt.Sprintf("%d -> %d %s", old, n, r.Unit))
			}
		}
		if changed {
			tx.putSetting(settingPeriods, now)
		}
		return nil
	})
}

// duePlan is what is due, found in a read so that nobody waits for it.
type duePlan struct {
	report  []DisposedClass
	keys    map[canteen.KeepClass][][]byte
	removed int
}

// findDue looks for what is due, at most bound records.
func (tx *tx) findDue(bound int) (p duePlan) {
	k := tx.keeping()
	p.keys = map[canteen.KeepClass][][]byte{}
	for _, keeper := range keepers {
		rule, _ := canteen.KeepRuleOf(keeper.class)
		period := k.period.Of(rule)
		line := DisposedClass{Class: keeper.class, Period: period, Unit: rule.Unit}
		keeper.find(k, func(key []byte) bool {
			fate := k.judge(keeper, rule, key)
			switch {
			case fate.held:
				line.Held++
			case fate.due && rule.Reported:
				line.Due++
			case fate.due:
				line.took(fate.from)
				p.keys[keeper.class] = append(p.keys[keeper.class], slices.Clone(key))
				p.removed++
			}
			goesOn := fate.due && !fate.held || !keeper.inOrder
			return goesOn && (rule.Reported || p.removed < bound) && tx.err == nil
		})
		p.report = append(p.report, line)
	}
	return p
}

// took counts a record that goes, by the day on which its period began.
func (c *DisposedClass) took(from canteen.Date) {
	c.Removed++
	if c.From.IsZero() || from < c.From {
		c.From = from
	}
	c.To = max(c.To, from)
}

// PreviewRetention tells what the next run of the retention job would do, in its
// first transaction, without doing it.
func (s *Store) PreviewRetention(act Act) (d Disposal, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		d = Disposal{At: tx.now, Classes: tx.findDue(disposalBound).report}
		return nil
	})
	return d, err
}

// Retain takes away what has served its time (rules R5.7), a bounded number of
// records, and writes the report with it; 0 means that nothing is due any more.
// What was found is judged again where it is removed, so that a hold put in
// between protects.
func (s *Store) Retain(act Act) (removed int, err error) {
	if act.Actor.Login != canteen.JobActor.Login {
		return 0, canteen.Refuse(canteen.KindForbidden, "error.forbidden")
	}
	var plan duePlan
	err = s.view(act, func(tx *tx) error {
		plan = tx.findDue(disposalBound)
		return nil
	})
	if err != nil || plan.removed == 0 {
		return 0, err
	}
	err = s.updateAlone(act, func(tx *tx) error {
		removed, err = tx.dispose(&plan)
		return err
	})
	return removed, err
}

// dispose removes what a plan found and writes the report.
func (tx *tx) dispose(plan *duePlan) (int, error) {
	k, d := tx.keeping(), Disposal{At: tx.now, Actor: tx.act.Actor.Login}
	if lines := len(plan.keys[canteen.KeepAccesses]); lines > 0 {
		if err := tx.noteDropped(lines); err != nil {
			return 0, err
		}
	}
	for i, keeper := range keepers {
		rule, _ := canteen.KeepRuleOf(keeper.class)
		line := plan.report[i]
		line.Removed, line.From, line.To = 0, 0, 0
		for _, key := range plan.keys[keeper.class] {
			fate := k.judge(keeper, rule, key)
			if !fate.due || fate.held {
				if line.Held++; keeper.inOrder {
					break
				}
				continue
			}
			line.took(fate.from)
			keeper.drop(tx, key)
		}
		if line.Removed+line.Held+line.Due > 0 {
			d.Classes = append(d.Classes, line)
		}
	}
	if d.Removed() > 0 {
		tx.putDisposal(d)
	}
	return d.Removed(), tx.err
}

// noteDropped writes that the oldest lines of the register go: the register
// tells its own shortening, and never becomes empty by it.
func (tx *tx) noteDropped(lines int) error {
	line := tx.accessOf(tx.act)
	line.What, line.Count = AccessDropped, lines
	sealed, err := tx.s.sealAccesses([]Access{line})
	if err == nil {
		tx.appendAccesses(sealed)
	}
	return err
}

// putDisposal numbers and chains a report.
func (tx *tx) putDisposal(d Disposal) {
	if k, v := tx.last(disposals, nil); k != nil {
		d.Prev = accessHash(k, v)
	}
	d.Number = tx.next(disposals)
	key, value := key64(d.Number), marshal(disposals, d)
	hash := accessHash(key, value)
	tx.put(disposals, key, value)
	tx.logChange("retention", strconv.FormatUint(d.Number, 10), fmt.Sprintf("%d, sha256 %x", d.Removed(), hash))
}

// Disposals returns the newest reports of the retention job, newest first, for
// auditors and administrators.
func (s *Store) Disposals(act Act, limit int) (all []Disposal, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		all = nil
		c := tx.bucket(disposals).Cursor()
		for k, stored := c.Last(); k != nil && len(all) < limit; k, stored = c.Prev() {
			var d Disposal
			if v := tx.open(disposals, k, stored); v == nil || !tx.decode(disposals, k, v, &d) {
				break
			}
			all = append(all, d)
		}
		return nil
	})
	return all, err
}

// Disposal returns a report; KindNotFound when there is none of that number.
func (s *Store) Disposal(act Act, number uint64) (d Disposal, err error) {
	err = s.view(act, func(tx *tx) error {
		if err := mayAudit(act); err != nil {
			return err
		}
		if !tx.getJSON(disposals, key64(number), &d) {
			return canteen.Refuse(canteen.KindNotFound, "error.notFound")
		}
		return nil
	})
	return d, err
}
