// Package archive keeps mailboxes on this computer's disk as sources and
// destinations of a move: a Maildir, an mbox file or folder of mbox files, and a
// folder of .eml files. A session opened for reading cannot write: it has no such
// methods, and nothing is ever created inside its folder.
//
// It leaves out everything that decides what to copy, PST files, and sharing: while
// one program writes an archive no other may change it (a lock file keeps a second
// Mailroom out).
//
// # Bytes
//
// A message that this package stored comes back exactly: bare LF, NUL, a missing
// last newline, lines starting with "From " and all. Maildir and EML files hold the
// bytes as they came. An mbox is written as mboxrd: every line of zero or more ">"
// followed by "From " gets one more ">", an end of line is added if the last is
// missing, then one empty line. The index keeps the exact size, so that taking one
// ">" away and cutting at the size gives the message back.
//
// A message that somebody else stored goes by its first line: if that ends in a bare
// LF, every bare LF is served as CRLF; else the bytes are served as they are.
//
// # The index
//
// What a format cannot say is kept beside it, in the folder "mailroom-state"
// (Maildir), ".mailroom" (EML, folder of mbox files) or "FILE.mailroom" (one mbox
// file): the lock, "folders.jsonl" with the subscriptions, "tmp", and one
// "<hash of the folder's name>.jsonl" per folder. Each line is
//
//	{"c":"<CRC-32C of r, 8 hex digits>","r":{"t":"add","m":[…]}}
//
// with t one of head (format version, kind, folder, UIDVALIDITY), add (one whole batch
// of messages), flags (new flags of messages), gone (removed UIDs) and next (the next
// UID, where an index was written anew without the messages that are gone). A
// message has u UID, n file name, o/h/l (mbox: offset and length of the From_ line,
// length of the stored bytes), s size on the wire, d/z date (Unix seconds, seconds
// east), f flags, x how the bytes are stored. Strings that are not UTF-8 are written
// as "b64:" and base64.
//
// A batch is first written and synced outside its folder (in an mbox: behind the
// last known byte), then its one add line is appended and synced, then its files are
// renamed into place. A line cut short by a crash was never acknowledged and is cut
// off; a named file that still waits in tmp is moved into place at the next opening.
// So each batch is there whole or not at all, and no UID is used twice. An index that
// is missing or damaged is rebuilt under a new UIDVALIDITY.
//
// # UIDs without an index
//
// A source that has no index of ours numbers its messages 1, 2, 3 … in natural order
// (mbox: file order), and its UIDVALIDITY is a digest of what was counted: names
// (Maildir), names with sizes and times (EML), or all bytes (mbox). An unchanged
// folder therefore has the same UIDs in every run; a changed one has another
// UIDVALIDITY, and never is a UID of one message given to another under the same
// UIDVALIDITY. While any session of an account is open its folders stay as first seen.
package archive
