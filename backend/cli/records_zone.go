package cli

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"mailroom/backend/office"
	"mailroom/backend/records"
	"mailroom/backend/records/zone"
)

// zoneFlag names the office's zone from now on.
type zoneFlag struct {
	Zone string `placeholder:"ZONE" help:"help_records_zone"`
}

// set gives the book the zone that is named.
func (f *zoneFlag) set(ctx context.Context, book *records.Book) error {
	z, err := zoneOf(f.Zone)
	if err != nil || z == nil {
		return err
	}
	return book.SetZone(ctx, z)
}

// zoneOf is the zone that a flag names; nil for none.
func zoneOf(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	return zone.Load(name)
}

// usualZone is the zone of a book that has none yet: that of the office's provider where
// it is a stored one, else this computer's.
func usualZone(ctx context.Context, r *run, state, name string) *time.Location {
	if _, err := os.Stat(filepath.Join(state, office.File)); err != nil {
		return zone.Computer()
	}
	book, err := office.OpenBook(ctx, state)
	if err != nil {
		return zone.Computer()
	}
	defer func() { _ = book.Close() }()
	one, err := book.Office(ctx, name)
	if err != nil {
		return zone.Computer()
	}
	return vendorZone(r, one)
}

// vendorZone is the zone of an office's provider, else this computer's.
func vendorZone(r *run, one office.Office) *time.Location {
	if r.env.Adapters != nil {
		if maker, err := r.env.Adapters.Maker(one.Provider); err == nil {
			if z, err := zone.Load(maker.Zone); err == nil {
				return z
			}
		}
	}
	return zone.Computer()
}
