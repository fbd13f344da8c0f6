//go:build !race

package migrate

// seeds is how many random histories each variant goes through.
const seeds = 8
