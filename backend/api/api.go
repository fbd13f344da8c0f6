// Package api is everything that the page may ask of the program, and the only
// package bound to it: one file per service, flat wire types, events, and errors
// as JSON text.
//
// Rules that hold for every bound method: it returns T and an error, takes no
// context, and goes through [guard], so that a panic becomes an error instead of a
// promise that never settles. Slices are never nil, times are Unix milliseconds
// (0: none), sizes are bytes, identifiers are strings, passwords are handles of
// the vault (see [Vault.Keep]). A rejected call carries JSON text, see [Problem].
//
// It leaves out every business rule (packages migrate, job, provider) and every
// sentence for people (the page's language files).
package api

// API holds the services that are bound to the page.
type API struct {
	app       *App
	endpoints *Endpoints
	people    *People
	moves     *Moves
	vault     *Vault
	practice  *Practice
}

// New builds the services; it does no I/O.
func New() *API {
	return &API{
		app:       &App{},
		endpoints: &Endpoints{},
		people:    &People{},
		moves:     &Moves{},
		vault:     &Vault{},
		practice:  &Practice{},
	}
}

// Services lists the values to bind.
func (a *API) Services() []any {
	return []any{a.app, a.endpoints, a.people, a.moves, a.vault, a.practice}
}

// Enums lists the closed sets that the page gets as TypeScript enums.
func (a *API) Enums() []any {
	return []any{
		errorCodes, endpointKinds, practiceSides, securities, authMethods, moveStates, mailboxStates,
		phases, verifyLevels, folderActions, roles, vaultStates, themes, languages, certificateFormats,
	}
}

// enum is one named constant of a closed set, in the shape that the generator wants.
type enum[T any] struct {
	Value  T
	TSName string
}
