package imap

import (
	"bytes"
	"math"
	"slices"
	"strconv"

	"mailroom/backend/mailbox"
)

// Bounds on one command: K-9 and Yahoo set the bytes, the number keeps what is
// outstanding on the wire small.
const (
	maxSetBytes = 880 // a command stays within 980 bytes with its other words
	maxSetUIDs  = 128
)

// sorted returns uids ascending, each once and without 0; servers refuse or
// misread any other order.
func sorted(uids []mailbox.UID) []mailbox.UID {
	out := slices.Clone(uids)
	if !slices.IsSorted(out) {
		slices.Sort(out)
	}
	out = slices.Compact(out)
	if len(out) > 0 && out[0] == 0 {
		out = out[1:]
	}
	return out
}

// chunk is one command's share of a longer set.
type chunk struct {
	set  string
	uids []mailbox.UID
}

// chunks cuts ascending uids into sets of at most maxSetBytes bytes and limit UIDs.
func chunks(uids []mailbox.UID, limit int) []chunk {
	var out []chunk
	for len(uids) > 0 {
		set, n := nextSet(uids, limit)
		out = append(out, chunk{set, uids[:n]})
		uids = uids[n:]
	}
	return out
}

// nextSet compacts the beginning of ascending uids into one set and says how many
// of them it holds.
func nextSet(uids []mailbox.UID, limit int) (string, int) {
	b := make([]byte, 0, 64)
	i := 0
	for i < len(uids) && i < limit {
		j := i
		for j+1 < len(uids) && j+1 < limit && uids[j+1] == uids[j]+1 {
			j++
		}
		if len(b)+22 > maxSetBytes && i > 0 {
			break
		}
		if len(b) > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(uids[i]), 10)
		if j > i {
			b = append(b, ':')
			b = strconv.AppendUint(b, uint64(uids[j]), 10)
		}
		i = j + 1
	}
	return string(b), i
}

// expandSet reads a UID set that must hold exactly n UIDs, in its own order. nil
// means that the set does not say which message got which UID.
func expandSet(b []byte, n int) []mailbox.UID {
	var out []mailbox.UID
	for part := range bytes.SplitSeq(bytes.Trim(b, "() \t\""), []byte(",")) {
		lo, hi, isRange := bytes.Cut(bytes.TrimSpace(part), []byte(":"))
		from, to := plainUID(lo), plainUID(lo)
		if isRange {
			to = plainUID(hi)
			from, to = min(from, to), max(from, to)
		}
		if from == 0 || int64(to-from)+1 > int64(n-len(out)) {
			return nil
		}
		for u := uint64(from); u <= uint64(to); u++ {
			out = append(out, mailbox.UID(u))
		}
	}
	if len(out) != n {
		return nil
	}
	return out
}

func plainUID(b []byte) mailbox.UID {
	n, err := strconv.ParseUint(string(b), 10, 32)
	if err != nil || n > math.MaxUint32 {
		return 0
	}
	return mailbox.UID(n)
}

// position finds uid in ascending uids.
func position(uids []mailbox.UID, uid mailbox.UID) (int, bool) {
	return slices.BinarySearch(uids, uid)
}
