package checks

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/mailbox"
	"mailroom/backend/preset"
)

// readyChecks say whether a mailbox can be moved as it is. The move itself copes with all
// of it; here it is told before.
func readyChecks() []doctor.Check {
	all := []doctor.Check{
		define("mailbox.abilities", "RFC 7888; RFC 4315; RFC 7162; RFC 3502", checkAbilities, "ok:p", "plain:i"),
		define("mailbox.contents", "RFC 9051 6.3.11", checkContents, "ok:p", "empty:i", "huge:w"),
		define("mailbox.large", "RFC 7889; docs/providers.md", checkLargeMessages, "ok:p", "unknown:i", "over:w"),
		define("mailbox.folder_names", "RFC 9051 5.1; docs/providers.md", checkFolderNames, "ok:p", "changed:w"),
		define("mailbox.roles", "RFC 6154", checkRoles, "ok:p", "missing:i", "twice:w"),
		define("mailbox.pace", "docs/providers.md", checkPace, "ok:p", "days:w"),
		define("mailbox.numbers", "RFC 9051 2.3.1.1", checkNumbers, "ok:p", "first:i", "renumbered:w"),
	}
	for i := range all {
		all[i].Wants = withMailbox
	}
	return all
}

// onMailbox judges what a visit has seen.
func onMailbox(ctx context.Context, x *doctor.Exam, judge func(visit, doctor.Finding) doctor.Finding) []doctor.Finding {
	v, none := visited(ctx, x)
	if none != nil {
		return none
	}
	return one(judge(v, doctor.F(strings.TrimPrefix(x.Mailbox.Key(), "imap:"), "ok")))
}

func checkAbilities(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		var has, lacks []string
		for _, a := range []struct {
			name string
			has  bool
		}{{"LITERAL+", v.traits.NonSync}, {"UIDPLUS", v.traits.UIDPlus}, {"MULTIAPPEND", v.traits.MultiAppend}, {"CONDSTORE", v.traits.Condstore}} {
			if a.has {
				has = append(has, a.name)
			} else {
				lacks = append(lacks, a.name)
			}
		}
		f = f.With("has", listed(has), "lacks", listed(lacks), "family", v.traits.Family)
		if !v.traits.UIDPlus || !v.traits.NonSync {
			f = because(f, "plain")
		}
		return f
	})
}

// hugeBytes is from where a move is planned over nights.
const hugeBytes = 50 << 30

func checkContents(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		f = f.With("n", strconv.FormatInt(v.messages, 10), "folders", itoa(len(v.folders)), "mb", mb(v.bytes))
		switch {
		case v.messages == 0:
			return because(f, "empty")
		case v.bytes > hugeBytes:
			return because(f, "huge").Act("", "")
		}
		return f
	})
}

// target is the provider that the mailbox is to be moved to: the one that was named.
func targetOf(x *doctor.Exam) (preset.Provider, bool) { return preset.ByID(x.Options.Provider) }

func checkLargeMessages(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		f = f.With("largest", mb(v.largest))
		p, ok := targetOf(x)
		limit := p.Limits.Message
		if limit == 0 {
			limit = preset.Engine(p.Family, true).MaxMessage
		}
		if !ok || limit == 0 {
			return because(f, "unknown")
		}
		over := 0
		for _, size := range v.sizes {
			if size > limit {
				over++
			}
		}
		f = f.With("n", itoa(over), "limit", mb(limit), "provider", p.ID)
		if over > 0 {
			f = because(f, "over").Act("", "")
		}
		return f
	})
}

// checkFolderNames finds names that the target does not take as they are.
func checkFolderNames(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		p, _ := targetOf(x)
		rules := preset.Naming(p.Family)
		var changed []string
		folded := map[string]bool{}
		for _, folder := range v.folders {
			path := strings.Join(folder.Levels, " / ")
			fold := strings.ToLower(path)
			if oddName(rules, folder) || rules.CaseFold && folded[fold] {
				changed = append(changed, path)
			}
			folded[fold] = true
		}
		if len(changed) > 0 {
			return because(f, "changed").With("n", itoa(len(changed)), "names", doctor.Clip(listed(changed), 200)).Act("", "")
		}
		return f.With("n", itoa(len(v.folders)))
	})
}

func oddName(rules preset.NameRules, folder mailbox.Folder) bool {
	for i, level := range folder.Levels {
		switch {
		case strings.ContainsAny(level, rules.Forbidden), strings.ContainsRune(level, '\uFFFD'),
			level != "" && strings.ContainsAny(level[:1], rules.ForbiddenFirst),
			rules.TrimSpaces && strings.TrimSpace(level) != level,
			rules.MaxLevelBytes > 0 && len(level) > rules.MaxLevelBytes,
			i == 0 && folder.Role == core.RoleNone && rules.IsReserved(level),
			i == 1 && rules.NoInboxChildren && strings.EqualFold(folder.Levels[0], "INBOX"):
			return true
		}
	}
	return false
}

// usualRoles are those that every mail program shows.
var usualRoles = []core.Role{core.RoleSent, core.RoleDrafts, core.RoleTrash, core.RoleJunk}

func checkRoles(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		by := map[core.Role][]string{}
		for _, folder := range v.folders {
			role := folder.Role
			if role == core.RoleNone {
				if guess, certain := preset.RoleByName(folder.Levels); certain {
					role = guess
				}
			}
			if folder.Selectable {
				by[role] = append(by[role], strings.Join(folder.Levels, " / "))
			}
		}
		var missing, twice []string
		for _, role := range usualRoles {
			switch n := len(by[role]); {
			case n == 0:
				missing = append(missing, string(role))
			case n > 1:
				twice = append(twice, by[role]...)
			}
		}
		switch {
		case len(twice) > 0:
			return because(f, "twice").With("names", doctor.Clip(listed(twice), 200)).Act("", "")
		case len(missing) > 0:
			return because(f, "missing").With("names", listed(missing))
		}
		return f
	})
}

// longMove is from when a mailbox takes more than a night.
const longMove = 24 * time.Hour

// checkPace is the least time that the known limits of both sides leave: bytes of a day,
// bytes and messages of a second.
func checkPace(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		p, _ := targetOf(x)
		least := time.Duration(0)
		for _, e := range []preset.EngineDefaults{preset.Engine(v.traits.Family, false), preset.Engine(p.Family, true)} {
			if e.DailyBytes > 0 {
				least = max(least, time.Duration(float64(v.bytes)/float64(e.DailyBytes)*24*float64(time.Hour)))
			}
			if e.BytesPerSecond > 0 && v.bytes > e.SlowAfterBytes {
				least = max(least, time.Duration(float64(v.bytes-e.SlowAfterBytes)/float64(e.BytesPerSecond)*float64(time.Second)))
			}
			if e.MessagesPerSecond > 0 {
				least = max(least, time.Duration(float64(v.messages)/e.MessagesPerSecond*float64(time.Second)))
			}
		}
		f = f.With("hours", fmt.Sprintf("%.1f", least.Hours()), "mb", mb(v.bytes), "n", strconv.FormatInt(v.messages, 10))
		if least > longMove {
			f = because(f, "days").Act("", "")
		}
		return f
	})
}

// checkNumbers compares the numbers of the folders (UIDVALIDITY) with those of earlier:
// where they change, every message counts as a new one to whoever kept them.
func checkNumbers(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if x.Past == nil {
		return doctor.One(x.Domain, "no_past")
	}
	return onMailbox(ctx, x, func(v visit, f doctor.Finding) doctor.Finding {
		known, changed := false, []string{}
		var ids []string
		for id := range v.states {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids[:min(len(ids), 200)] {
			thing, now := "uidvalidity "+x.Mailbox.Key()+" "+id, strconv.FormatUint(uint64(v.states[id].UIDValidity), 10)
			before, _, ok := x.Past.Recall(ctx, x.Domain, thing)
			known = known || ok
			if ok && before != now {
				changed = append(changed, id)
			}
			if !ok || before != now {
				x.Past.Keep(ctx, x.Domain, thing, now, x.Now())
			}
		}
		switch {
		case len(changed) > 0:
			return because(f, "renumbered").With("names", doctor.Clip(listed(changed), 200)).Act("", "")
		case !known:
			return because(f, "first")
		}
		return f
	})
}
