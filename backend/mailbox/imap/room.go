package imap

import (
	"context"
	"math"
	"strings"

	"mailroom/backend/mailbox"
)

// Room asks APPENDLIMIT (RFC 7889) and GETQUOTAROOT (RFC 9208). A server that offers
// neither, or refuses, leaves the values unknown; that is no error.
func (s *session) Room(ctx context.Context, folder string) (mailbox.Room, error) {
	const op = "ask for room"
	room := mailbox.Room{MaxMessage: -1, QuotaTotal: -1, QuotaUsed: -1, QuotaMessages: -1}
	err := s.c.under(ctx, op, func() error {
		if err := s.appendLimit(op, folder, &room); err != nil {
			return err
		}
		if !s.hasQuota() {
			return nil
		}
		done := s.c.listen(&handler{data: func(name string, _ uint32, sc *scanner) error {
			if name != "QUOTA" {
				return nil
			}
			return parseQuota(sc, &room)
		}})
		defer done()
		_, err := s.c.call(op, "GETQUOTAROOT", str(folder))
		return err
	})
	return room, err
}

func (s *session) hasQuota() bool {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	_, resource := s.c.caps.value("QUOTA")
	return resource || s.c.caps.has("QUOTA")
}

func (s *session) appendLimit(op, folder string, room *mailbox.Room) error {
	s.c.mu.Lock()
	v, told := s.c.caps.value("APPENDLIMIT")
	perFolder := s.c.caps.has("APPENDLIMIT")
	s.c.mu.Unlock()
	if told {
		if n := toNumber([]byte(v)); n > 0 && n < math.MaxInt64 {
			room.MaxMessage = int64(n)
		}
		return nil
	}
	if !perFolder {
		return nil
	}
	done := s.c.listen(&handler{data: func(name string, _ uint32, sc *scanner) error {
		if name != "STATUS" {
			return nil
		}
		if _, _, err := sc.str(); err != nil {
			return err
		}
		return sc.list(func() error {
			if !strings.EqualFold(string(sc.word()), "APPENDLIMIT") {
				return nil
			}
			if n := sc.number(); n > 0 && n < math.MaxInt64 {
				room.MaxMessage = int64(n)
			}
			return nil
		})
	}})
	defer done()
	_, err := s.c.call(op, "STATUS", str(folder), word("(APPENDLIMIT)"))
	return err
}

// parseQuota takes the tightest of several quota roots. STORAGE counts units of
// 1,024 bytes.
func parseQuota(sc *scanner, room *mailbox.Room) error {
	if _, _, err := sc.str(); err != nil { // the root's name may be empty
		return err
	}
	if sc.spaces(); sc.done() {
		return nil // a root without limits
	}
	return sc.list(func() error {
		resource := strings.ToUpper(string(sc.word()))
		used, limit := sc.number(), sc.number()
		switch resource {
		case "STORAGE":
			if limit > math.MaxInt64/1024 || used > math.MaxInt64/1024 {
				return nil
			}
			total, taken := int64(limit)*1024, int64(used)*1024
			if room.QuotaTotal < 0 || total-taken < room.QuotaTotal-room.QuotaUsed {
				room.QuotaTotal, room.QuotaUsed = total, taken
			}
		case "MESSAGE":
			left := int64(min(limit, 1<<40)) - int64(min(used, 1<<40))
			if room.QuotaMessages < 0 || left < room.QuotaMessages {
				room.QuotaMessages = max(left, 0)
			}
		}
		return nil
	})
}
