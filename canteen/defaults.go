package canteen

// DefaultYear is the school year a new file starts with: the one the day
// belongs to, with service from its first day to the end of June. The office
// sets the real limits (mission: service days are not school days).
func DefaultYear(today Date) SchoolYear {
	name := YearOf(today)
	start := today.Year()
	if today.Month() < 9 {
		start--
	}
	from, to := NewDate(start, 9, 1), NewDate(start+1, 6, 30)
	return SchoolYear{Name: name, From: from, To: to, ServiceFrom: from, ServiceTo: to}
}
