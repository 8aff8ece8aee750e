package handlers

var (
	householdRoutes = []route{
		{"GET", "/famiglia/nucleo", "household", families, (*Server).household},
		{"GET", "/famiglia/nucleo/genitore", "household.guardian", families, (*Server).inviteGuardianForm},
		{"POST", "/famiglia/nucleo/genitore", "household.guardian.invite", families, (*Server).inviteGuardian},
		{"GET", "/famiglia/nucleo/delegato", "household.delegate", families, (*Server).inviteDelegateForm},
		{"POST", "/famiglia/nucleo/delegato", "household.delegate.invite", families, (*Server).inviteDelegate},
		{"POST", "/famiglia/nucleo/inviti/{invito}/ritira", "household.invitation.revoke", families, (*Server).revokeInvitation},
		{"GET", "/famiglia/nucleo/{pupil}/delegati/{delegato}", "household.delegation", families, (*Server).delegationForm},
		{"POST", "/famiglia/nucleo/{pupil}/delegati/{delegato}", "household.delegation.save", families, (*Server).delegationSave},
		{"POST", "/famiglia/nucleo/{pupil}/delegati/{delegato}/revoca", "household.delegation.revoke", families, (*Server).delegationRevoke},
		{"GET", "/famiglia/nucleo/{pupil}/lascia", "household.leave", families, (*Server).leaveForm},
		{"POST", "/famiglia/nucleo/{pupil}/lascia", "household.leave.do", families, (*Server).leave},
		{"GET", "/famiglia/invito", "household.accept", families, (*Server).acceptForm},
		{"POST", "/famiglia/invito", "household.accept.do", families, (*Server).accept},
		{"GET", "/famiglia/collega", "household.pair", families, (*Server).pairForm},
		{"POST", "/famiglia/collega", "household.pair.do", families, (*Server).pair},
	}
	householdPages = []string{"household/home", "household/invite", "household/delegation", "household/leave", "household/code"}
)
