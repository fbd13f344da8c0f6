package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"mailroom/backend/testkit/corpus"
)

// everyHundredth of the messages changes its flags, and as many new ones come.
const everyHundredth = 100

// change gives every source mailbox 1 % new messages and 1 % changed flags, by IMAP
// as a mail program would, and reads it again. It returns how many messages changed.
func (sc *scene) change(ctx context.Context) (int, error) {
	sc.deltas++
	moved := 0
	for i, u := range sc.users {
		n, err := changeOne(corpus.LoginOf(sc.source, u), sc.manifests[i], sc.deltas)
		if err != nil {
			return 0, fmt.Errorf("change the source: %w", err)
		}
		moved += n
	}
	return moved, sc.survey(ctx)
}

func changeOne(at corpus.Login, now corpus.Manifest, round int) (int, error) {
	c, err := imapclient.DialInsecure(at.Addr, nil)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if err := c.Login(at.User, at.Password).Wait(); err != nil {
		return 0, err
	}
	moved := 0
	for key, contents := range now {
		n, err := flip(c, key, contents.Messages, round)
		if err != nil {
			return 0, fmt.Errorf("flags in %s: %w", key, err)
		}
		moved += n
	}
	news := max(1, now.Count()/everyHundredth)
	for m := range corpus.Small(news, uint64(seed+round)).Messages {
		if err := deliver(c, m); err != nil {
			return 0, fmt.Errorf("new message: %w", err)
		}
		moved++
	}
	return moved, c.Logout().Wait()
}

// flip changes \Flagged of every hundredth message of a folder, others in each round.
func flip(c *imapclient.Client, key string, messages []corpus.Entry, round int) (int, error) {
	var set, clear imap.UIDSet
	n := 0
	for i := round % everyHundredth; i < len(messages); i += everyHundredth {
		if n++; strings.Contains(strings.Join(messages[i].Flags, " "), `\flagged`) {
			clear.AddNum(imap.UID(messages[i].UID))
		} else {
			set.AddNum(imap.UID(messages[i].UID))
		}
	}
	if n == 0 {
		return 0, nil
	}
	if _, err := c.Select(key, nil).Wait(); err != nil {
		return 0, err
	}
	for op, uids := range map[imap.StoreFlagsOp]imap.UIDSet{imap.StoreFlagsAdd: set, imap.StoreFlagsDel: clear} {
		if len(uids) == 0 {
			continue
		}
		store := &imap.StoreFlags{Op: op, Silent: true, Flags: []imap.Flag{imap.FlagFlagged}}
		if err := c.Store(uids, store, nil).Close(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func deliver(c *imapclient.Client, m corpus.Message) error {
	var flags []imap.Flag
	for _, f := range append(m.Flags, m.Keywords...) {
		flags = append(flags, imap.Flag(f))
	}
	cmd := c.Append(corpus.Key(m.Folder), m.Size, &imap.AppendOptions{Flags: flags, Time: m.Date})
	if _, err := cmd.Write(m.Bytes()); err != nil {
		return err
	}
	if err := cmd.Close(); err != nil {
		return err
	}
	_, err := cmd.Wait()
	return err
}
