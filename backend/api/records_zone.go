package api

import (
	"context"
	"time"

	"mailroom/backend/audit"
	"mailroom/backend/provider"
	"mailroom/backend/records/zone"
)

// RecordZone is the zone of an office's records: its days and months are those of answers,
// figures, reports and archives, whatever this computer's zone is.
type RecordZone struct {
	Name     string   `json:"name"`     // an IANA name or an offset
	Computer string   `json:"computer"` // this computer's zone now
	Vendor   string   `json:"vendor"`   // the provider's; "" none
	Usual    []string `json:"usual"`    // zones to offer first
}

// usualZone is that of an office whose book has none yet: its provider's, or this computer's.
func (d *data) usualZone(id provider.ID) *time.Location {
	if vendor, err := zone.Load(d.vendorZone(id)); err == nil {
		return vendor
	}
	return zone.Computer()
}

func (d *data) vendorZone(id provider.ID) string {
	maker, err := d.house.Registry().Maker(id)
	if err != nil {
		return ""
	}
	return maker.Zone
}

// zoneNamed is the zone that the page names; nil for "".
func zoneNamed(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	return zone.Load(name)
}

// Zone tells the zone of an office's records, or of an archive's that was opened.
func (s *RecordSources) Zone(shelfID string) (RecordZone, error) {
	return shelved(s.shelves, "zone of records", shelfID, func(ctx context.Context, d *data, sh *shelf) (RecordZone, error) {
		return d.zoneOf(ctx, shelfID, sh), nil
	})
}

func (d *data) zoneOf(ctx context.Context, id string, sh *shelf) RecordZone {
	z := RecordZone{Name: sh.book.Zone().String(), Computer: zone.Computer().String(), Usual: zone.Usual()}
	if o, err := d.house.Book().Office(ctx, id); err == nil {
		z.Vendor = d.vendorZone(o.Provider)
	}
	return z
}

// SetZone gives an office another zone. Records keep their moments, and archived months what
// they hold: the next one begins where they end. Errors: invalid with "field" zone.
func (s *RecordSources) SetZone(officeID, name string) (RecordZone, error) {
	return shelved(s.shelves, "set zone of records", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordZone, error) {
		to, err := zone.Load(name)
		if err != nil {
			return RecordZone{Usual: []string{}}, err
		}
		before := sh.book.Zone().String()
		if err := sh.book.SetZone(ctx, to); err != nil {
			return RecordZone{Usual: []string{}}, err
		}
		if now := sh.book.Zone().String(); now != before {
			d.record.note(ctx, audit.Entry{
				Act: actRecordsZone, Subject: sh.title(ctx, d, officeID), ID: officeID, Before: map[string]string{"zone": before}, After: map[string]string{"zone": now},
			})
		}
		return d.zoneOf(ctx, officeID, sh), nil
	})
}
