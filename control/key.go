package control

import (
	"context"

	"refettorio/store"
)

// checkKey opens what the record keeps sealed.
func checkKey(_ context.Context, s *store.Store, _ None) (store.VaultReport, error) {
	return s.CheckVault(store.Console())
}
