package providertest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// reads are calls that change nothing, by name.
func (o *office) reads() map[string]func(context.Context) error {
	known := "somebody@" + o.c.Domain
	if all := o.people(); len(all) > 0 {
		known = all[0].ID
	}
	calls := map[string]func(context.Context) error{
		"check":   o.p.Check,
		"domains": func(ctx context.Context) error { _, err := o.p.Domains(ctx); return err },
		"people":  func(ctx context.Context) error { _, _, err := o.p.People(ctx, ""); return err },
		"person":  func(ctx context.Context) error { _, err := o.p.Person(ctx, known); return err },
	}
	if o.caps.Can(provider.CanReadDepartments) {
		calls["departments"] = func(ctx context.Context) error {
			_, err := as[provider.DepartmentReader](o).Departments(ctx)
			return err
		}
	}
	if o.caps.Can(provider.CanReadLists) {
		calls["lists"] = func(ctx context.Context) error { _, _, err := as[provider.ListReader](o).Lists(ctx, ""); return err }
	}
	if o.caps.Can(provider.CanReadContacts) {
		calls["contacts"] = func(ctx context.Context) error {
			_, _, err := as[provider.ContactReader](o).Contacts(ctx)
			return err
		}
	}
	return calls
}

func testEnded(o *office) {
	ended, end := context.WithCancel(o.ctx)
	end()
	for what, call := range o.reads() {
		before := o.requests()
		if err := call(ended); err != nil {
			o.wants(what+" with an ended context", err, core.Canceled)
		} else if what != "domains" {
			o.Errorf("%s works with an ended context", what)
		}
		if n := o.requests() - before; n > 0 && o.c.Requests != nil {
			o.Errorf("%s with an ended context reached the vendor %d times", what, n)
		}
	}
	if !o.caps.Can(provider.CanCreatePeople) {
		return
	}
	draft := o.draft(o.address("ended"))
	_, err := as[provider.PersonEditor](o).CreatePerson(ended, draft)
	o.wants("create with an ended context", err, core.Canceled)
	_, err = o.p.Person(o.ctx, draft.Address)
	o.wants("somebody who was not created", err, core.NotFound)
}

func testTogether(o *office) {
	var wg sync.WaitGroup
	fails := make(chan error, 64)
	for range 4 {
		for what, call := range o.reads() {
			wg.Go(func() {
				if err := call(o.ctx); err != nil {
					fails <- errors.Join(errors.New(what), err)
				}
			})
		}
	}
	wg.Wait()
	close(fails)
	for err := range fails {
		o.Errorf("beside others: %v", err)
	}
}

// fresh is a new adapter, which has not signed in yet.
func (o *office) fresh() {
	o.Helper()
	o.out = newOutlet(pageSize, o.c.Via)
	o.p = o.c.New(o.T, o.out)
	if closer, ok := o.p.(interface{ Close() error }); ok {
		o.Cleanup(func() { _ = closer.Close() }) // the case may close it too
	}
}

// troubled are the troubles of the way; the vendor's own words come beside them.
func testTroubles(o *office) {
	if o.c.NoTroubles != "" {
		o.Skip(o.c.NoTroubles)
	}
	for trouble, codes := range expected {
		if trouble == Lost || trouble == Hang {
			continue // tests of their own
		}
		if words, ok := o.c.Answers[trouble]; ok {
			o.troubled(trouble, &words, codes)
		}
		if code, ok := o.c.Differs[trouble]; ok {
			codes = []core.Code{code}
		}
		o.troubled(trouble, nil, codes)
	}
}

func (o *office) troubled(trouble Trouble, words *Answer, codes []core.Code) {
	o.Helper()
	how := string(trouble)
	if words != nil {
		how += " in the vendor's words"
	}
	// Before the first sign-in, and after it.
	for _, warm := range []bool{false, true} {
		o.fresh()
		if warm {
			must(o, "check before the trouble", o.p.Check(o.ctx))
		}
		calls := o.reads()
		if !warm {
			o.fresh() // the calls were prepared by asking
		}
		for what, call := range map[string]func(context.Context) error{"check": o.p.Check, "person": calls["person"], "people": calls["people"]} {
			if what != "person" && (trouble == Missing || trouble == Exists) {
				continue // only of one thing it makes sense that it is missing, or there already
			}
			if !warm && (trouble == Missing || trouble == Exists || what != "check") {
				continue // the sign-in is one call only
			}
			o.out.cause(trouble, words, 0)
			before := o.out.Requests()
			err := call(o.ctx)
			if o.out.Requests() == before {
				o.out.calm()
				continue // answered without the vendor: nothing can go wrong
			}
			o.out.calm()
			if err == nil {
				o.Errorf("%s during %s (signed in %v) is no error", how, what, warm)
				continue
			}
			o.wants(how+" during "+what, err, codes...)
		}
		if warm {
			must(o, "check after the trouble", o.p.Check(o.ctx))
		}
	}
}

// promptly is within what time a call ends after its context, on a busy machine.
var promptly = 30 * time.Second

func testHanging(o *office) {
	if o.c.NoTroubles != "" {
		o.Skip(o.c.NoTroubles)
	}
	must(o, "check", o.p.Check(o.ctx))
	for what, call := range o.reads() {
		ctx, cancel := context.WithCancel(o.ctx)
		o.out.cause(Hang, nil, 0)
		arrived, done := o.out.arrived, make(chan error, 1)
		go func() { done <- call(ctx) }()
		select {
		case <-arrived:
			cancel()
			select {
			case err := <-done:
				o.wants(what+" is cancelled", err, core.Canceled)
			case <-time.After(promptly):
				o.Fatalf("%s goes on after its context was cancelled", what)
			}
		case err := <-done:
			o.Logf("%s is answered without the vendor: %v", what, err)
		}
		cancel()
		o.out.calm()
	}
	ctx, cancel := context.WithTimeout(o.ctx, 50*time.Millisecond)
	defer cancel()
	o.out.cause(Hang, nil, 0)
	defer o.out.calm()
	o.wants("a server that hangs", o.p.Check(ctx), core.Timeout)
}

// testLost creates somebody at a vendor whose answer does not arrive.
func testLost(o *office) {
	if o.c.NoTroubles != "" {
		o.Skip(o.c.NoTroubles)
	}
	o.need(provider.CanCreatePeople)
	editor := as[provider.PersonEditor](o)
	must(o, "check", o.p.Check(o.ctx))
	// A creation may take several requests; each of them may be the one that is lost.
	before := o.out.Requests()
	p := o.someone("count")
	steps := int(o.out.Requests() - before)
	o.Logf("a creation takes %d requests; %s was created", steps, p.Address)
	for spare := range steps {
		draft := o.draft(o.address("lost"))
		o.out.cause(Lost, nil, spare)
		_, err := editor.CreatePerson(o.ctx, draft)
		o.out.calm()
		if found, err := o.p.Person(o.ctx, draft.Address); err == nil {
			o.later(func(ctx context.Context) { _ = editor.DeletePerson(ctx, found.ID) })
		}
		// Without an error something beside the creation was asked again, which harms nobody.
		if err != nil {
			o.wants("a creation whose answer "+strconv.Itoa(spare+1)+" is lost", err, core.Unreachable, core.Timeout)
		}
	}
}

func testSlowDown(o *office) {
	if o.c.NoTroubles != "" {
		o.Skip(o.c.NoTroubles)
	}
	must(o, "check", o.p.Check(o.ctx))
	o.out.cause(TooMany, nil, 0)
	_, _, err := o.p.People(o.ctx, "")
	longest := o.out.longest()
	o.out.calm()
	o.wants("being told to slow down", err, core.RateLimited)
	told := core.ArgsOf(err)["retryAfter"]
	if told != "7" && longest < 7*time.Second {
		o.Errorf("Retry-After of 7 seconds became %q, and the longest pause %v", told, longest)
	}
	// The vendor calms down: what was asked for comes.
	must(o, "check after the rest", o.p.Check(o.ctx))
	if _, _, err := o.p.People(o.ctx, ""); err != nil {
		o.Errorf("after the rest: %v", err)
	}
}
