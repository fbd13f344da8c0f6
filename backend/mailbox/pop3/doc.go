// Package pop3 reads one mailbox over POP3 (RFC 1939, 2449, 2595, 5034), for servers
// that offer no IMAP. It is a source only.
//
// What POP3 cannot tell is left out and said so in [mailbox.Traits].Notes: there is the
// inbox alone, and no message has flags or an arrival date of its own. Nothing is ever
// deleted: DELE is not sent, and neither is QUIT, after which some servers remove what
// was read (RFC 1939 section 6 forbids that for a session that just ends).
//
// It leaves out where the numbers of messages are remembered: see [Numbers].
package pop3
