package signin

import (
	"maps"
	"slices"
)

// preset is what one kind of gateway does in its own way (the table of rules
// §1, read in the gateways' code).
type preset struct {
	scope  string
	claims Claims
}

const presetGeneric = "generic"

var presets = map[string]preset{
	presetGeneric: {scope: "openid profile email", claims: Claims{
		FiscalCode: []string{"https://attributes.eid.gov.it/fiscal_number", "fiscal_number", "fiscalNumber", "fiscalnumber",
			"fiscal_code", "codice_fiscale", "codiceFiscale", "schacPersonalUniqueID"},
		GivenName:  []string{"given_name", "name", "givenName"},
		FamilyName: []string{"family_name", "familyName", "surname", "sn"},
		Email:      []string{"email", "mail"},
		Mobile:     []string{"phone_number", "mobilePhone", "mobile"},
		ACR:        []string{"acr"},
	}},
	"iam-proxy-italia": {scope: "openid profile email", claims: Claims{
		FiscalCode: []string{"fiscal_number"}, GivenName: []string{"given_name"}, FamilyName: []string{"family_name"},
		Email: []string{"email"}, ACR: []string{"acr"},
	}},
	// Any other scope than openid is refused by this gateway.
	"oneidentity": {scope: "openid", claims: Claims{
		FiscalCode: []string{"fiscalNumber"}, GivenName: []string{"name"}, FamilyName: []string{"familyName"},
		Email: []string{"email"}, Mobile: []string{"mobilePhone"}, ACR: []string{"acr"},
	}},
	"keycloak": {scope: "openid profile email", claims: Claims{
		FiscalCode: []string{"fiscalNumber", "fiscal_number", "preferred_username"},
		GivenName:  []string{"given_name"}, FamilyName: []string{"family_name"}, Email: []string{"email"},
		Mobile: []string{"phone_number"}, ACR: []string{"acr"},
	}},
}

// Presets lists the names a provider's preset may have.
func Presets() []string { return slices.Sorted(maps.Keys(presets)) }
