//go:build race

package migrate

// The race detector makes the ledger's database ten times slower.
const seeds = 2
