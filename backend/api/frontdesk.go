package api

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// FrontDesk is the program for a colleague who may look things up and nothing else: it
// starts locked, shows no secrets and changes nothing, until the administrator's
// password ends that.
type FrontDesk struct {
	api *API

	turn   sync.Mutex // one try at a time
	wrong  int
	locked atomic.Pointer[string] // the office that may be asked about; nil: not locked
	speaks atomic.Pointer[Language]
}

// FrontDeskState is whether the program is locked.
type FrontDeskState struct {
	Locked   bool   `json:"locked"`
	OfficeID string `json:"officeId"` // that may be asked about
	// Language is that of who sits there; the system's: as the window is otherwise.
	Language Language `json:"language"`
}

// frontDeskSetting is what is kept of the lock. The password itself is not.
type frontDeskSetting struct {
	OfficeID string `json:"officeId"` // "" not locked
	Salt     string `json:"salt"`
	Sum      string `json:"sum"`

	Language Language `json:"language"`
}

const frontDeskName = "front-desk"

// leastPassword is how many characters the administrator's password has.
const leastPassword = 8

// allowedAtFrontDesk are the calls that are answered while the program is locked: they
// read records of one office. Every other call that needs data is refused.
var allowedAtFrontDesk = []string{
	"search records", "read one record", "answer question", "trace record", "state of records", "list searches", "list offices", "read settings",
	"state of front desk", "leave front desk", "names at front desk", "language of front desk", "zone of records",
}

// refused says whether a call must be refused because the program is locked.
func (f *FrontDesk) refused(op string) error {
	if f.locked.Load() == nil || slices.Contains(allowedAtFrontDesk, op) {
		return nil
	}
	return core.E(core.Forbidden, op, nil, "reason", "front_desk")
}

// onlyOffice refuses records of another office while the program is locked.
func (f *FrontDesk) onlyOffice(op, id string) error {
	if only := f.locked.Load(); only != nil && *only != id {
		return core.E(core.Forbidden, op, nil, "reason", "front_desk")
	}
	return nil
}

// recall finds out at the start whether the program was left locked.
func (f *FrontDesk) recall(ctx context.Context, d *data) error {
	var s frontDeskSetting
	if err := d.setting(ctx, frontDeskName, &s); err != nil {
		return err
	}
	if s.OfficeID != "" {
		f.locked.Store(&s.OfficeID)
		f.speaks.Store(&s.Language)
	}
	return nil
}

// State tells whether the program is locked.
func (f *FrontDesk) State() (FrontDeskState, error) {
	return with(f.api, "state of front desk", func(context.Context, *data) (FrontDeskState, error) { return f.state(), nil })
}

func (f *FrontDesk) state() FrontDeskState {
	if only := f.locked.Load(); only != nil {
		state := FrontDeskState{Locked: true, OfficeID: *only}
		if l := f.speaks.Load(); l != nil {
			state.Language = *l
		}
		return state
	}
	return FrontDeskState{}
}

// Lock locks the program for questions about one office, now and at every start. The
// password, of 8 characters at least, ends it again. Errors: invalid with "field".
func (f *FrontDesk) Lock(officeID, password string) (FrontDeskState, error) {
	return with(f.api, "lock front desk", func(ctx context.Context, d *data) (FrontDeskState, error) {
		if utf8.RuneCountInString(password) < leastPassword || len(password) > 1000 {
			return f.state(), core.E(core.Invalid, "lock front desk", nil, "field", "password", "reason", "short")
		}
		o, err := d.house.Book().Office(ctx, officeID)
		if err != nil {
			return f.state(), err
		}
		salt := make([]byte, 16)
		_, _ = rand.Read(salt) // never fails
		s := frontDeskSetting{OfficeID: o.ID, Salt: base64.StdEncoding.EncodeToString(salt), Sum: base64.StdEncoding.EncodeToString(sumOf(password, salt))}
		if err := d.setSetting(ctx, frontDeskName, s); err != nil {
			return f.state(), err
		}
		d.record.note(ctx, audit.Entry{Act: actFrontDeskLocked, Subject: o.Title(), ID: o.ID})
		f.speaks.Store(&s.Language)
		f.locked.Store(&s.OfficeID)
		return f.state(), nil
	})
}

// NamedAddress is what somebody of the office is called.
type NamedAddress struct {
	Address string `json:"address"`
	Name    string `json:"name"`
}

// Names lists what the people of the office are called that may be asked about, and
// nothing else of them. Errors: forbidden for another office.
func (f *FrontDesk) Names(officeID string) ([]NamedAddress, error) {
	return with(f.api, "names at front desk", func(ctx context.Context, d *data) ([]NamedAddress, error) {
		if err := f.onlyOffice("names at front desk", officeID); err != nil {
			return []NamedAddress{}, err
		}
		return mapped(d.peopleOf(ctx, officeID), func(p provider.Person) NamedAddress { return NamedAddress{p.Address, p.Name} }), nil
	})
}

// SetLanguage keeps the language of who sits at the front desk, over a restart too; the
// window's own stays as it is.
func (f *FrontDesk) SetLanguage(language Language) (FrontDeskState, error) {
	return with(f.api, "language of front desk", func(ctx context.Context, d *data) (FrontDeskState, error) {
		if !has(languages, language) || f.locked.Load() == nil {
			return f.state(), core.E(core.Invalid, "language of front desk", nil, "field", "language", "reason", "unknown")
		}
		var s frontDeskSetting
		if err := d.setting(ctx, frontDeskName, &s); err != nil {
			return f.state(), err
		}
		s.Language = language
		if err := d.setSetting(ctx, frontDeskName, s); err != nil {
			return f.state(), err
		}
		f.speaks.Store(&language)
		return f.state(), nil
	})
}

// sumOf makes guessing slow: about a tenth of a second and 32 MiB a try (RFC 9106).
func sumOf(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, 3, 32<<10, 1, 32)
}

// Leave ends the lock. A wrong password is unauthenticated, and each makes the next
// try wait longer, up to half a minute.
func (f *FrontDesk) Leave(password string) (FrontDeskState, error) {
	return with(f.api, "leave front desk", func(ctx context.Context, d *data) (FrontDeskState, error) {
		f.turn.Lock()
		defer f.turn.Unlock()
		if f.wrong > 2 {
			t := time.NewTimer(min(time.Duration(1<<min(f.wrong-3, 5))*time.Second, 30*time.Second))
			defer t.Stop()
			select {
			case <-t.C:
			case <-ctx.Done():
				return f.state(), ctx.Err()
			}
		}
		var s frontDeskSetting
		if err := d.setting(ctx, frontDeskName, &s); err != nil {
			return f.state(), err
		}
		if s.OfficeID == "" {
			f.locked.Store(nil)
			return f.state(), nil
		}
		salt, err := base64.StdEncoding.DecodeString(s.Salt)
		if err != nil {
			return f.state(), core.E(core.Malformed, "leave front desk", err)
		}
		want, err := base64.StdEncoding.DecodeString(s.Sum)
		if err != nil || len(password) > 1000 || subtle.ConstantTimeCompare(sumOf(password, salt), want) != 1 {
			f.wrong++
			return f.state(), core.E(core.Unauthenticated, "leave front desk", nil)
		}
		f.wrong = 0
		if err := d.setSetting(ctx, frontDeskName, frontDeskSetting{}); err != nil {
			return f.state(), err
		}
		f.locked.Store(nil)
		d.record.note(ctx, audit.Entry{Act: actFrontDeskLeft, ID: s.OfficeID, Subject: officeTitle(ctx, d, s.OfficeID)})
		return f.state(), nil
	})
}
