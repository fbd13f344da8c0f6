package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// Directory tells who and what is in an office. It answers from what was last read, and
// reads again in the background.
type Directory struct {
	api *API

	mu      sync.Mutex
	reading map[string]reading   // offices that are being read
	barred  map[string]time.Time // not by itself before; a refused key is not tried again at all
	wanted  chan string          // offices to be read soon
}

// reading is how far a reading is.
type reading struct {
	began  time.Time
	people int
}

// readingID is the request under which an office is read, by itself or because somebody
// asked for it: App.Cancel ends it.
func readingID(officeID string) string { return "directory/" + officeID }

// often is how long a directory is good before it is read again by itself.
const often = 10 * time.Minute

// watched is how often it is looked whether one is old.
const watched = time.Minute

func newDirectory(a *API) *Directory {
	return &Directory{api: a, reading: map[string]reading{}, barred: map[string]time.Time{}, wanted: make(chan string, 16)}
}

// Snapshot is an office's directory as it was last read, at once and without asking the
// provider.
func (s *Directory) Snapshot(officeID string) (DirectorySnapshot, error) {
	return with(s.api, "read directory", func(ctx context.Context, d *data) (DirectorySnapshot, error) {
		v, err := d.directory.View(ctx, officeID)
		if err != nil {
			return DirectorySnapshot{}, err
		}
		if v.Refreshed.IsZero() && s.may(officeID) {
			s.wake(officeID)
		}
		_, refreshing := s.progress(officeID)
		return DirectorySnapshot{
			Office: officeID, Seq: v.Seq, Refreshed: millis(v.Refreshed), Refreshing: refreshing, Problem: problemOf(v.Trouble),
			Domains: mapped(v.Domains, wireDomain), People: mapped(v.People, wirePersonRow), Departments: mapped(v.Departments, wireDepartment),
			Lists: mapped(v.Lists, wireList), Contacts: mapped(v.Contacts, wireContact), Groups: mapped(v.Groups, wireContactGroup), Tags: mapped(v.Tags, wireTag),
		}, nil
	})
}

// State tells how old the directory is and how much is in it.
func (s *Directory) State(officeID string) (DirectoryState, error) {
	return with(s.api, "state of directory", func(ctx context.Context, d *data) (DirectoryState, error) { return s.state(ctx, d, officeID) })
}

func (s *Directory) state(ctx context.Context, d *data, officeID string) (DirectoryState, error) {
	v, err := d.directory.View(ctx, officeID)
	if err != nil {
		return DirectoryState{Office: officeID}, err
	}
	at, refreshing := s.progress(officeID)
	return DirectoryState{
		Office: officeID, Seq: v.Seq, Refreshed: millis(v.Refreshed), Refreshing: refreshing, Read: at.people, Began: millis(at.began), Problem: problemOf(v.Trouble),
		People: len(v.People), Departments: len(v.Departments), Lists: len(v.Lists), Unseen: v.Unseen,
	}, nil
}

func (s *Directory) progress(officeID string) (at reading, refreshing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, refreshing = s.reading[officeID]
	return at, refreshing
}

// may says whether an office may be read by itself.
func (s *Directory) may(officeID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().After(s.barred[officeID])
}

// Search finds people by name, pinyin, initials, address, phone or staff number, at most
// limit (0: as many as there are).
func (s *Directory) Search(officeID, text string, limit int) (DirectoryHits, error) {
	return with(s.api, "search directory", func(ctx context.Context, d *data) (DirectoryHits, error) {
		v, err := d.directory.View(ctx, officeID)
		if err != nil {
			return DirectoryHits{IDs: []string{}}, err
		}
		return DirectoryHits{Seq: v.Seq, IDs: v.Search(text, limit)}, nil
	})
}

// SearchIndex is what everybody is searched in, for a page that searches with every key:
// it takes a text of the index for a hit as naming.Matches does.
func (s *Directory) SearchIndex(officeID string) (DirectoryIndex, error) {
	return with(s.api, "index of directory", func(ctx context.Context, d *data) (DirectoryIndex, error) {
		v, err := d.directory.View(ctx, officeID)
		if err != nil {
			return DirectoryIndex{Texts: []string{}}, err
		}
		return DirectoryIndex{Seq: v.Seq, Texts: full(v.Texts())}, nil
	})
}

// Refresh reads the directory now, until App.Cancel(requestID) or, as any reading, until
// App.Cancel("directory/" + officeID).
func (s *Directory) Refresh(requestID, officeID string) (DirectoryState, error) {
	return with(s.api, "refresh directory", func(root context.Context, d *data) (DirectoryState, error) {
		ctx, end := s.api.calls.begin(root, requestID, refreshLimit)
		defer end()
		if err := s.refresh(ctx, d, officeID); err != nil {
			return DirectoryState{Office: officeID}, err
		}
		return s.state(ctx, d, officeID)
	})
}

// refresh reads a directory, tells how far it is, and that there is a newer one.
func (s *Directory) refresh(ctx context.Context, d *data, officeID string) error {
	ctx, end := s.api.calls.begin(ctx, readingID(officeID), refreshLimit)
	defer end()
	begun := time.Now()
	s.mu.Lock()
	s.reading[officeID] = reading{began: begun}
	s.mu.Unlock()
	s.tell(ctx, d, officeID)
	err := s.read(ctx, d, officeID)
	s.mu.Lock()
	delete(s.reading, officeID)
	s.barred[officeID] = time.Now().Add(pause(err, time.Since(begun)))
	s.mu.Unlock()
	s.tell(ctx, d, officeID)
	s.api.shelves.wake() // records are fetched for people that are known
	return err
}

// pause is how long nothing is read by itself after a reading that took so long: at
// most a fortieth of the day is spent on asking.
func pause(err error, took time.Duration) time.Duration {
	switch core.CodeOf(err) {
	case "", core.Canceled:
		return max(often, 40*took)
	case core.Unauthenticated, core.Forbidden, core.Invalid:
		return 365 * 24 * time.Hour // until the person does something
	}
	return often / 2
}

func (s *Directory) read(ctx context.Context, d *data, officeID string) error {
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		d.directory.Trouble(ctx, officeID, err)
		return err
	}
	begun, last := time.Now(), time.Now()
	_, err = d.directory.Refresh(ctx, officeID, live.Provider, live.Capabilities, live.SharedContacts(), func(people int) {
		s.mu.Lock()
		s.reading[officeID] = reading{begun, people}
		s.mu.Unlock()
		if time.Since(last) > 300*time.Millisecond {
			last = time.Now()
			s.tell(ctx, d, officeID)
		}
	})
	return err
}

func (s *Directory) tell(ctx context.Context, d *data, officeID string) {
	if state, err := s.state(context.WithoutCancel(ctx), d, officeID); err == nil {
		s.api.cfg.Desktop.Emit("directory:changed", state)
	}
}

// Person reads one person from the provider, with everything that it tells. Without an
// answer it is what was last read, with the trouble.
func (s *Directory) Person(officeID, id string) (DirectoryPerson, error) {
	return with(s.api, "read person", func(root context.Context, d *data) (DirectoryPerson, error) {
		ctx, end := s.api.calls.begin(root, "", checkLimit)
		defer end()
		v, err := d.directory.View(ctx, officeID)
		if err != nil {
			return DirectoryPerson{}, err
		}
		known, ok := v.Person(id)
		live, err := d.house.Live(ctx, officeID)
		if err == nil {
			var p provider.Person
			if p, err = live.Provider.Person(ctx, id); err == nil {
				p.Partial = false
				return DirectoryPerson{Person: wireOfficePerson(p), Fresh: true}, s.seen(ctx, d, officeID, p)
			}
		}
		if !ok || core.CodeOf(err) == core.NotFound {
			return DirectoryPerson{}, err
		}
		return DirectoryPerson{Person: wireOfficePerson(known), Problem: problemOf(err)}, nil
	})
}

// seen keeps what a closer look has told, and tells the page if it is news.
func (s *Directory) seen(ctx context.Context, d *data, officeID string, object any) error {
	before, err := d.directory.View(ctx, officeID)
	if err != nil {
		return err
	}
	if err := d.directory.Look(ctx, officeID, object); err != nil {
		return err
	}
	if after, err := d.directory.View(ctx, officeID); err == nil && after.Seq != before.Seq {
		s.tell(ctx, d, officeID)
	}
	return nil
}

// List reads one mailing list from the provider, as Person does.
func (s *Directory) List(officeID, id string) (DirectoryList, error) {
	return with(s.api, "read list", func(root context.Context, d *data) (DirectoryList, error) {
		ctx, end := s.api.calls.begin(root, "", checkLimit)
		defer end()
		v, err := d.directory.View(ctx, officeID)
		if err != nil {
			return DirectoryList{}, err
		}
		known, ok := v.List(id)
		live, err := d.house.Live(ctx, officeID)
		if err == nil {
			reader, can := live.Provider.(provider.ListReader)
			if !can {
				return DirectoryList{}, core.E(core.Unsupported, "read list", nil)
			}
			var l provider.List
			if l, err = reader.List(ctx, id); err == nil {
				l.Partial = false
				return DirectoryList{List: wireList(l), Fresh: true}, s.seen(ctx, d, officeID, l)
			}
		}
		if !ok || core.CodeOf(err) == core.NotFound {
			return DirectoryList{}, err
		}
		return DirectoryList{List: wireList(known), Problem: problemOf(err)}, nil
	})
}

// News tells what was changed elsewhere, the newest first, at most 500.
func (s *Directory) News(officeID string, limit int) ([]DirectoryNews, error) {
	return with(s.api, "read news", func(ctx context.Context, d *data) ([]DirectoryNews, error) {
		all, err := d.directory.News(ctx, officeID, min(limit, 500))
		return mapped(all, func(n directory.News) DirectoryNews {
			return DirectoryNews{Time: millis(n.Time), Object: n.Object, ID: n.ID, Label: n.Label, What: n.What, Seen: n.Seen, Diffs: mapped(n.Diffs, wireDiff)}
		}), err
	})
}

// SeeNews marks what was changed elsewhere as looked at.
func (s *Directory) SeeNews(officeID string) error {
	return guardDo("see news", func() error {
		if err := s.api.frontDesk.refused("see news"); err != nil {
			return err
		}
		d, err := s.api.ready(s.api.root)
		if err != nil {
			return err
		}
		if err := d.directory.SeeNews(s.api.root, officeID); err != nil {
			return err
		}
		s.tell(s.api.root, d, officeID)
		return nil
	})
}

// OpenMailbox opens somebody's mailbox in the browser, by a link that is good once.
// Errors: unsupported. The act is recorded.
func (s *Directory) OpenMailbox(officeID, id string) error {
	return guardDo("open mailbox", func() error {
		if err := s.api.frontDesk.refused("open mailbox"); err != nil {
			return err
		}
		d, err := s.api.ready(s.api.root)
		if err != nil {
			return err
		}
		ctx, end := s.api.calls.begin(s.api.root, "", checkLimit)
		defer end()
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return err
		}
		linker, ok := live.Provider.(provider.SignInLinker)
		if !ok || !live.Capabilities.Can(provider.CanSignInLink) {
			return core.E(core.Unsupported, "open mailbox", nil)
		}
		person, err := live.Provider.Person(ctx, id)
		if err != nil {
			return err
		}
		link, _, err := linker.SignInLink(ctx, id)
		if err != nil {
			return err
		}
		if err := browsable(link.Reveal()); err != nil {
			return err
		}
		d.record.note(ctx, mailboxOpened(live.Office, person))
		s.api.cfg.Desktop.Browse(link.Reveal())
		return nil
	})
}

// Unread counts the unread mails of somebody. Errors: unsupported.
func (s *Directory) Unread(officeID, id string) (int64, error) {
	return with(s.api, "count unread", func(root context.Context, d *data) (int64, error) {
		ctx, end := s.api.calls.begin(root, "", checkLimit)
		defer end()
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return 0, err
		}
		counter, ok := live.Provider.(provider.UnreadCounter)
		if !ok || !live.Capabilities.Can(provider.CanCountUnread) {
			return 0, core.E(core.Unsupported, "count unread", nil)
		}
		return counter.Unread(ctx, id)
	})
}

// allow lets directories be read by themselves again: what stood in the way may be gone.
func (s *Directory) allow(ctx context.Context, d *data) {
	s.mu.Lock()
	clear(s.barred)
	s.mu.Unlock()
	if current, err := d.house.Book().Current(ctx); err == nil && current != "" {
		s.wake(current)
	}
}

// closerLooks is how many people are looked at one by one after a reading, where the
// listing tells only a part of them.
const closerLooks = 300

// complete looks closer at those of whom the listing told only a part.
func (s *Directory) complete(ctx context.Context, d *data, officeID string) error {
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		return err
	}
	looked, err := d.directory.Complete(ctx, officeID, live.Provider, closerLooks)
	if looked > 0 {
		s.tell(ctx, d, officeID)
	}
	return err
}

// wake asks for an office's directory to be read soon; it does not block.
func (s *Directory) wake(officeID string) {
	select {
	case s.wanted <- officeID:
	default:
	}
}

// warm takes the directory of the office that will be shown into memory, before somebody
// asks for it.
func (s *Directory) warm(ctx context.Context, d *data) {
	current, err := d.house.Book().Current(ctx)
	if err != nil || current == "" {
		return
	}
	if v, err := d.directory.View(ctx, current); err == nil {
		v.Texts()
	}
}

// keepFresh reads directories that are old, and those that are asked for, until ctx
// ends.
func (s *Directory) keepFresh(ctx context.Context, d *data) {
	s.warm(ctx, d)
	tick := time.NewTicker(watched)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-s.wanted:
			s.quietly(ctx, d, id)
		case <-tick.C:
			current, err := d.house.Book().Current(ctx)
			if err != nil || current == "" {
				continue
			}
			if s.due(ctx, d, current) {
				s.quietly(ctx, d, current)
			}
		}
	}
}

// due says whether a directory is old and may be read by itself.
func (s *Directory) due(ctx context.Context, d *data, officeID string) bool {
	v, err := d.directory.View(ctx, officeID)
	return err == nil && time.Since(v.Refreshed) > often && s.may(officeID)
}

// quietly reads a directory in the background: its trouble stands in the view.
func (s *Directory) quietly(ctx context.Context, d *data, officeID string) {
	if _, busy := s.progress(officeID); busy {
		return
	}
	err := s.refresh(ctx, d, officeID)
	if err == nil {
		ctx, end := context.WithTimeout(ctx, refreshLimit)
		defer end()
		err = s.complete(ctx, d, officeID)
	}
	if err != nil && ctx.Err() == nil {
		slog.Info("a directory could not be read", "code", core.CodeOf(err), "err", err)
	}
}
