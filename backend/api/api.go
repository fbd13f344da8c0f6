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
// It leaves out every business rule (packages moving, migrate, job, provider) and
// every sentence for people (the page's language files).
package api

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"slices"
	"sync"
	"time"

	"mailroom/backend/oauth"
	"mailroom/backend/provider"
	"mailroom/backend/recognise"
	"mailroom/backend/secret"
)

// Desktop is what the services need of the window. Its methods may be called from
// any goroutine, after [API.Open] only.
type Desktop interface {
	// Emit sends an event to the page; it does not block.
	Emit(name string, payload any)
	// PickFile, PickFolder and PickNew show a dialog and return a path, "" if the
	// person changed their mind.
	PickFile(filter FileFilter) (string, error)
	// PickFiles is PickFile for several at a time; none if the person changed their mind.
	PickFiles(filter FileFilter) ([]string, error)
	PickFolder() (string, error)
	PickNew(name string, filter FileFilter) (string, error)
	// Browse shows an address in the person's browser, ShowFolder a folder in the
	// file manager, or a file in the program it belongs to.
	Browse(url string)
	ShowFolder(path string) error
	// Notify shows a notification of the system; an error says that there is none.
	Notify(title, text string) error
	// Quit ends the program without asking.
	Quit()
}

// FileFilter restricts a dialog to some kinds of file.
type FileFilter struct {
	Name     string // for people, e.g. "CSV, Excel"
	Patterns string // "*.csv;*.xlsx"
}

// Config is what the services need to know beforehand.
type Config struct {
	Version  string
	DataDir  string
	Locale   string // of the computer, e.g. zh_CN.UTF-8
	Words    fs.FS  // the page's language files, one folder per language
	Desktop  Desktop
	Keychain secret.Keychain // nil: none
	// Resolvers are the DNS servers to ask, host:port; empty: the computer's.
	Resolvers []string
	// Rehearsal is a file that leads the doctor to servers on this computer, see
	// [checks.Rehearsal]; "": the real world.
	Rehearsal string
	// Recogniser finds providers; nil: one that asks Resolver and the network.
	Recogniser *recognise.Recogniser
	// PracticeSize is about how many messages the practice office has; 0: its own default.
	PracticeSize int
	// SignIn are the places where tokens come from; nil: those of Google and Microsoft.
	SignIn []oauth.Service
	// Now is the clock of what happens by itself to records; nil: the computer's.
	Now func() time.Time
	// ByHand keeps records from being fetched and reported by themselves: a test that is
	// about something else has its own work to do.
	ByHand bool
	// Adapters are the kinds of offices that can be administered; nil: none.
	Adapters *provider.Registry
}

// API holds the services that are bound to the page.
type API struct {
	cfg     Config
	calls   calls
	root    context.Context
	stop    context.CancelFunc
	opened  chan struct{} // closed when data is open or cannot be
	once    sync.Once
	data    *data // valid after opened, if problem is nil
	problem error

	dns resolver

	app       *App
	endpoints *Endpoints
	people    *People
	moves     *Moves
	runs      *Runs
	switches  *Switchover
	vault     *Vault
	practice  *Practice
	drafts    *Drafts
	doctoring doctoring
	doctor    *Doctor

	background sync.WaitGroup // work that Close waits for
	signIns    *SignIns
	frontDesk  *FrontDesk

	paperwork
	administered
	recording

	vendors   oauth.Client
	tokens    oauth.Keeper
	providers *Providers
	cards     *Cards
}

// New builds the services; it does no I/O.
func New(cfg Config) *API {
	a := &API{cfg: cfg, opened: make(chan struct{}), dns: net.DefaultResolver}
	a.root, a.stop = context.WithCancel(context.Background())
	a.app = &App{api: a}
	a.endpoints = &Endpoints{api: a}
	a.people = &People{api: a}
	a.moves = &Moves{api: a}
	a.runs = &Runs{api: a}
	a.switches = &Switchover{api: a}
	a.vault = &Vault{api: a}
	a.practice = &Practice{api: a}
	a.drafts = &Drafts{api: a}
	a.paperwork = newPaperwork(a)
	a.administered = newAdministered(a)
	a.recording = newRecording(a)
	a.doctoring = newDoctoring(a)
	a.doctor = &Doctor{api: a}
	a.signIns = &SignIns{api: a}
	a.frontDesk = &FrontDesk{api: a}
	a.vendors.Services = cfg.SignIn
	a.providers = &Providers{api: a}
	a.cards = &Cards{api: a}
	return a
}

// now is the present moment for what happens by itself.
func (a *API) now() time.Time {
	if a.cfg.Now != nil {
		return a.cfg.Now()
	}
	return time.Now()
}

// Services lists the values to bind.
func (a *API) Services() []any {
	return slices.Concat([]any{
		a.app, a.endpoints, a.people, a.moves, a.runs, a.switches, a.vault, a.practice, a.drafts,
		a.signIns, a.frontDesk, a.providers, a.cards, a.doctor,
	}, a.doctoring.services(), a.paperwork.services(), a.administered.services(), a.recording.services())
}

// Enums lists the closed sets that the page gets as TypeScript enums.
func (a *API) Enums() []any {
	return []any{
		errorCodes, signInVendors, endpointKinds, practiceSides, securities, authMethods, moveStates, mailboxStates,
		phases, verifyLevels, folderActions, roles, vaultStates, themes, languages, certificateFormats,
		scheduleModes, brakes, eventKinds, resumePolicies, switchStepIDs, switchStates,
		providerKinds, signInWays, foundBys, certainties, explainThens,
		listFormats, contactFormats, existingContacts, findingWeights,
		paperLanguages,
		bounceKinds, bounceFaults, junkVerdicts, letterJudgements, sheetFormats, // the doctor's readers and papers
		officeFieldKinds, officeReasons, domainGrades, intakeWeights, intakeExistings, changeKinds, changeDangers, runStates, changeOutcomes, keepsBacks,
		recordKinds, recordOutcomes, recordMethods, recordActions, lookupVerdicts, lookupAbouts, gapReasons, findingRules, archiveFaults, archiveWhys, recordNewsKinds,
		verdicts, checkGroups, rowStates, examStates, raiseAdvices,
	}
}

// enum is one named constant of a closed set, in the shape that the generator wants.
type enum[T any] struct {
	Value  T
	TSName string
}

// Open opens the data folder and tells the page. It is called once, when the window
// has started; calls of the page wait for it.
func (a *API) Open() {
	a.once.Do(func() {
		a.data, a.problem = openData(a.root, a)
		if a.problem == nil {
			a.problem = a.frontDesk.recall(a.root, a.data)
		}
		close(a.opened)
		if a.problem == nil {
			a.background.Go(a.doctoring.begin)
			if !a.cfg.ByHand {
				a.background.Go(func() { a.shelves.keepLooking(a.root, a.data) })
			}
		}
		a.cfg.Desktop.Emit("app:ready", a.startup())
	})
}

// Close pauses what is at work, waits for it until ctx ends and closes the data.
func (a *API) Close(ctx context.Context) error {
	a.once.Do(func() { close(a.opened) }) // never opened: nothing to close
	<-a.opened
	a.stop() // ends the page's calls; the moves have a context of their own
	a.background.Wait()
	if a.data == nil {
		return nil
	}
	return errors.Join(a.doctoring.close(), a.shelves.close(), a.data.close(ctx), a.practice.close())
}

// Working counts the moves and runs of changes at work, for the question at closing.
func (a *API) Working() int {
	select {
	case <-a.opened:
	default:
		return 0
	}
	if a.data == nil {
		return 0
	}
	return a.data.desk.Working() + a.data.changes.AtWork()
}

// ready waits for the data; the error says why there is none.
func (a *API) ready(ctx context.Context) (*data, error) {
	select {
	case <-a.opened:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if a.problem != nil {
		return nil, a.problem
	}
	if a.data == nil {
		return nil, errClosed
	}
	return a.data, nil
}

// with runs a bound method that needs the data.
func with[T any](a *API, op string, f func(context.Context, *data) (T, error)) (T, error) {
	return guard(op, func() (T, error) {
		d, err := a.ready(a.root)
		if err == nil {
			err = a.frontDesk.refused(op)
		}
		if err != nil {
			var none T
			return none, err
		}
		return f(a.root, d)
	})
}
