package preset

import (
	"strings"
	"testing"
	"time"
)

// Each case is a reply as a real server sent it, or as its document prints it.
func TestClassifyKnowsRealRefusals(t *testing.T) {
	type want struct {
		class  Class
		action Action
		wait   time.Duration
		limit  int
	}
	for _, c := range []struct {
		name  string
		reply Reply
		want  want
	}{
		{"netease wants ID", Reply{Status: "NO", Command: "SELECT", Text: "SELECT Unsafe Login. Please contact help@mail.example for help"}, want{IDNeeded, Repair, 0, 0}},
		{"and it helps only once", Reply{Status: "NO", Command: "EXAMINE", Text: "EXAMINE Unsafe Login.", Attempt: 1}, want{IDNeeded, Leave, 0, 0}},
		{"netease password", Reply{Status: "NO", Command: "LOGIN", Text: "LOGIN Login error or password error"}, want{AuthAmbiguous, Park, 0, 0}},
		{"netease address", Reply{Status: "NO", Command: "LOGIN", Text: "ERR.LOGIN.IPDENY"}, want{IPBlocked, Park, 0, 0}},
		{"netease cluster", Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Command: "LOGIN", Text: "ERR.LOGIN.DOMAINNOTEXIST"}, want{WrongCluster, Park, 0, 0}},
		{"tencent's one text for everything", Reply{Status: "NO", Command: "LOGIN", Text: "Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy. More information at https://help.mail.qq.com/detail/108/1023"}, want{AuthAmbiguous, Park, 15 * time.Minute, 0}},
		{"too many sign-ins", Reply{Status: "NO", Command: "LOGIN", Text: "Login frequency limited"}, want{CoolDown, Park, 30 * time.Minute, 0}},
		{"tencent client password", Reply{Status: "NO", Command: "LOGIN", Text: "535 Login Fail. Please enter your authorization code to login."}, want{NeedsAppPassword, Park, 0, 0}},
		{"tencent UID order", Reply{Status: "BAD", Command: "UID FETCH", Text: "UID parameters!"}, want{ClientBug, RetryOnce, 0, 0}},
		{"gmail app password", Reply{Status: "NO", Code: "ALERT", Command: "LOGIN", Text: "Application-specific password required: https://support.example/1 (Failure)"}, want{NeedsAppPassword, Park, 0, 0}},
		{"gmail browser", Reply{Status: "NO", Code: "ALERT", Command: "LOGIN", Text: "Please log in via your web browser"}, want{WebLogin, Park, 0, 0}},
		{"gmail user switch", Reply{Status: "NO", Code: "ALERT", Command: "LOGIN", Text: "Your account is not enabled for IMAP use."}, want{ImapOff, Park, 0, 0}},
		{"gmail domain switch", Reply{Status: "NO", Command: "LOGIN", Text: "[ALERT] IMAP access is disabled for your domain."}, want{ImapOff, Park, 0, 0}},
		{"gmail day's traffic", Reply{Status: "NO", Code: "OVERQUOTA", Command: "FETCH", Text: "Account exceeded command or bandwidth limits."}, want{DailyQuota, Park, 24 * time.Hour, 0}},
		{"gmail connections", Reply{Status: "NO", Code: "ALERT", Command: "LOGIN", Text: "Too many simultaneous connections. (Failure)"}, want{ConnLimit, Reconnect, 10 * time.Second, 0}},
		{"gmail session", Reply{Status: "BYE", Command: "FETCH", Text: "Session expired, please login again."}, want{DailyQuota, Park, 24 * time.Hour, 0}},
		{"gmail name", Reply{Status: "NO", Code: "CANNOT", Command: "CREATE", Text: "Folder contains excess whitespace (Failure)"}, want{BadName, Rename, 0, 0}},
		{"gmail message", Reply{Status: "BAD", Command: "APPEND", Text: "Invalid Arguments: Unable to parse message"}, want{BadMessage, Repair, 0, 0}},
		{"gmail flag", Reply{Status: "BAD", Command: "APPEND", Text: "Invalid Arguments: Unable to parse flag"}, want{BadFlag, Repair, 0, 0}},
		{"exchange throttle", Reply{Status: "BAD", Command: "APPEND", Text: "Request is throttled. Suggested Backoff Time: 92415 milliseconds"}, want{Throttle, Wait, 92415 * time.Millisecond, 0}},
		{"absurd backoff is capped", Reply{Status: "BAD", Command: "APPEND", Text: "Request is throttled. Suggested Backoff Time: 999999999999 milliseconds"}, want{Throttle, Wait, LongestBackoff, 0}},
		{"exchange right", Reply{Status: "BAD", Command: "NAMESPACE", Text: "User is authenticated but not connected."}, want{AuthAmbiguous, Park, 0, 0}},
		{"exchange 15", Reply{Status: "NO", Command: "APPEND", Text: "Server Unavailable. 15"}, want{Transient, Reconnect, 30 * time.Second, 0}},
		{"exchange 11", Reply{Status: "BAD", Command: "APPEND", Text: "Command Argument Error. 11"}, want{BadMessage, Repair, 0, 0}},
		{"exchange size", Reply{Status: "NO", Command: "APPEND", Text: "Maximum size of appendable message has been exceeded."}, want{TooBig, Leave, 0, 0}},
		{"size by code", Reply{Status: "NO", Code: "TOOBIG", Command: "APPEND", Text: "no"}, want{TooBig, Leave, 0, 0}},
		{"limit on append", Reply{Status: "NO", Code: "LIMIT", Command: "APPEND", Text: "no"}, want{TooBig, Leave, 0, 0}},
		{"m365 name", Reply{Status: "NO", Command: "CREATE", Text: "Folder name is reserved."}, want{BadName, Rename, 0, 0}},
		{"m365 password", Reply{Status: "NO", Command: "AUTHENTICATE", Text: "AUTHENTICATE failed.", Family: "office365"}, want{OAuthNeeded, Park, 0, 0}},
		{"the same words elsewhere", Reply{Status: "NO", Command: "LOGIN", Text: "LOGIN failed."}, want{AuthAmbiguous, Park, 0, 0}},
		{"m365 token", Reply{Status: "NO", Command: "AUTHENTICATE", Text: "AccessTokenExpired", Family: "m365"}, want{TokenExpired, Renew, 0, 0}},
		{"yahoo rate", Reply{Status: "NO", Code: "LIMIT", Command: "FETCH", Text: "UID FETCH Rate limit hit."}, want{Throttle, Reconnect, 2 * time.Minute, 0}},
		{"yahoo message", Reply{Status: "NO", Code: "UNAVAILABLE", Command: "UID FETCH", Text: "UID FETCH Server error while fetching messages"}, want{PerMessage, Wait, 2 * time.Second, 0}},
		{"yahoo message for good", Reply{Status: "NO", Code: "UNAVAILABLE", Command: "UID FETCH", Text: "UID FETCH Server error while fetching messages", Attempt: 3}, want{PerMessage, Leave, 0, 0}},
		{"yandex switch", Reply{Status: "NO", Code: "AUTHENTICATIONFAILED", Command: "AUTHENTICATE", Text: "AUTHENTICATE This user does not have access rights to this service"}, want{ImapOff, Park, 0, 0}},
		{"zoho switch", Reply{Status: "NO", Code: "ALERT", Command: "LOGIN", Text: "You are yet to enable IMAP for your account. Please contact your administrator"}, want{ImapOff, Park, 0, 0}},
		{"dovecot connections", Reply{Status: "NO", Code: "UNAVAILABLE", Command: "LOGIN", Text: "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)"}, want{ConnLimit, Reconnect, 5 * time.Second, 9}},
		{"one connection stays", Reply{Status: "NO", Command: "LOGIN", Text: "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=1)"}, want{ConnLimit, Reconnect, 5 * time.Second, 1}},
		{"dovecot quoting", Reply{Status: "BAD", Command: "LOGIN", Text: "Error in IMAP command LOGIN: Invalid characters in atom"}, want{Quoting, Repair, 0, 0}},
		{"dovecot layout", Reply{Status: "NO", Command: "CREATE", Text: "Mailbox doesn't allow inferior mailboxes"}, want{Layout, Flatten, 0, 0}},
		{"quota by code", Reply{Status: "NO", Code: "OVERQUOTA", Command: "APPEND", Text: "Not enough disk quota"}, want{OverQuota, Park, 0, 0}},
		{"quota by text", Reply{Status: "NO", Command: "APPEND", Text: "Mailbox is full / Blocks limit exceeded / Inode limit exceeded"}, want{OverQuota, Park, 0, 0}},
		{"courier's quota", Reply{Status: "NO", Command: "APPEND", Text: "User's mailbox is FULL: It is time to find a bigger place!"}, want{OverQuota, Park, 0, 0}},
		{"cyrus NUL", Reply{Status: "NO", Command: "APPEND", Text: "Message contains NUL characters"}, want{BadMessage, Repair, 0, 0}},
		{"cyrus header", Reply{Status: "NO", Command: "APPEND", Text: "Message contains non-ASCII characters in headers"}, want{BadMessage, Repair, 0, 0}},
		{"yahoo last line", Reply{Status: "BAD", Code: "CLIENTBUG", Command: "APPEND", Text: "Additional arguments found after last expected argument"}, want{BadMessage, Repair, 0, 0}},
		{"flag list", Reply{Status: "BAD", Command: "APPEND", Text: "Invalid system flag \\Foo"}, want{BadFlag, Repair, 0, 0}},
		{"virus", Reply{Status: "NO", Command: "APPEND", Text: "Message refused because it contains a virus"}, want{Virus, Leave, 0, 0}},
		{"exists already", Reply{Status: "NO", Code: "ALREADYEXISTS", Command: "CREATE", Text: "Mailbox already exists"}, want{Fine, Ignore, 0, 0}},
		{"exists already by text", Reply{Status: "NO", Command: "CREATE", Text: "Mailbox exists."}, want{Fine, Ignore, 0, 0}},
		{"permission", Reply{Status: "NO", Code: "NOPERM", Command: "SELECT", Text: "Permission denied"}, want{FolderSkip, Leave, 0, 0}},
		{"gone", Reply{Status: "NO", Command: "SELECT", Text: "Mailbox doesn't exist: Old"}, want{FolderSkip, Leave, 0, 0}},
		{"server bug on select", Reply{Status: "NO", Code: "SERVERBUG", Command: "SELECT", Text: "Internal error occurred."}, want{FolderSkip, RetryOnce, 2 * time.Second, 0}},
		{"poison", Reply{Status: "BYE", Command: "SELECT", Text: "Zimbra IMAP4rev1 server closing connection"}, want{FolderPoison, Reconnect, 0, 0}},
		{"target folder vanished", Reply{Status: "NO", Code: "TRYCREATE", Command: "APPEND", Text: "no"}, want{NoFolder, Repair, 0, 0}},
		{"code before text", Reply{Status: "NO", Code: "EXPIRED", Command: "LOGIN", Text: "LOGIN Login error or password error"}, want{PasswordExpired, Park, 0, 0}},
		{"text before vague code", Reply{Status: "NO", Code: "CONTACTADMIN", Command: "LOGIN", Text: "IMAP access is disabled for your domain"}, want{ImapOff, Park, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Classify(c.reply)
			if got := (want{v.Class, v.Action, v.Wait, v.ConnLimit}); got != c.want {
				t.Errorf("got %+v by %s, want %+v", got, v.Entry, c.want)
			}
		})
	}
}

func TestClassifyIgnoresCaseAndSpacing(t *testing.T) {
	a := Classify(Reply{Status: "no", Code: "overquota", Command: "append", Text: "x"})
	b := Classify(Reply{Status: "NO", Code: "OVERQUOTA", Command: "APPEND", Text: "x"})
	if a.Entry != b.Entry {
		t.Errorf("case decides: %s, %s", a.Entry, b.Entry)
	}
	if v := Classify(Reply{Status: "NO", Text: "TOO  MANY\tsimultaneous connections"}); v.Class != ConnLimit {
		t.Errorf("spacing decides: %+v", v)
	}
}

func TestThrottledPauseDoublesFrom50msTo16s(t *testing.T) {
	want := 50 * time.Millisecond
	for attempt := range 40 {
		v := Classify(Reply{Status: "NO", Code: "THROTTLED", Command: "FETCH", Attempt: attempt})
		if v.Action != Wait || v.Wait != want {
			t.Fatalf("attempt %d: %+v, want a pause of %v", attempt, v, want)
		}
		want = min(2*want, 16*time.Second)
	}
}

func TestUnknownRepliesGetTheCommandsDefault(t *testing.T) {
	for _, c := range []struct {
		status, command string
		attempt         int
		class           Class
		action          Action
		scope           Scope
	}{
		{"NO", "APPEND", 0, PerMessage, Leave, ScopeMessage},
		{"NO", "SELECT", 0, FolderSkip, Leave, ScopeFolder},
		{"NO", "EXAMINE", 0, FolderSkip, Leave, ScopeFolder},
		{"NO", "LOGIN", 0, AuthAmbiguous, Park, ScopeAccount},
		{"NO", "ID", 0, Fine, Ignore, ScopeSession},
		{"BAD", "ID", 0, Fine, Ignore, ScopeSession},
		{"NO", "SUBSCRIBE", 0, Fine, Ignore, ScopeSession},
		{"BAD", "FETCH", 0, ClientBug, RetryOnce, ScopeMessage},
		{"BAD", "FETCH", 1, ClientBug, Leave, ScopeMessage},
		{"BAD", "XYZZY", 0, ClientBug, RetryOnce, ScopeSession},
		{"BAD", "XYZZY", 1, ClientBug, Leave, ScopeSession},
		{"BYE", "FETCH", 7, Transient, Reconnect, ScopeSession},
		{"", "", 0, Transient, RetryOnce, ScopeSession},
	} {
		v := Classify(Reply{Status: c.status, Command: c.command, Text: "zorro", Attempt: c.attempt})
		if v.Class != c.class || v.Action != c.action || v.Scope != c.scope {
			t.Errorf("%s to %s: %+v", c.status, c.command, v)
		}
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("NO", "LIMIT", "", "Rate limit hit 999999999999999999999 ms", "LOGIN", "gmail", 0)
	f.Add("BAD", "", "", "mail_max_userip_connections=999999", "APPEND", "", 1<<30)
	f.Add("BYE", "X", "\xff", strings.Repeat("backoff 1 ", 900), "UID FETCH", "\x00", -1)
	f.Fuzz(func(t *testing.T, status, code, arg, text, command, family string, attempt int) {
		v := Classify(Reply{status, code, arg, text, command, family, attempt})
		if v.Entry == "" || v.Wait < 0 || v.Wait > 24*time.Hour || v.ConnLimit < 0 {
			t.Errorf("%+v", v)
		}
	})
}
