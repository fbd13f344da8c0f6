// Package imap is a mailbox on an IMAP server, as the source or the destination of a
// move. It is a client of its own because servers in the field break the grammar in
// dozens of ways and because moving mail needs what general clients lack: a broken
// response costs that response and never the connection; messages stream from the
// socket; APPENDs are pipelined, or gathered by MULTIAPPEND; the raw names of folders
// are kept; and the end of a context ends every wait.
//
// It leaves out what a move has no use for (SEARCH, ENVELOPE, BODYSTRUCTURE, IDLE,
// COPY, MOVE, ACLs), and every decision: what a refusal means, whether to try again
// and which folder maps to which belong to package migrate.
package imap
