package main

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// redactor is the logger of the window's runtime. That writes out the whole message
// of a call that went wrong, arguments and so passwords included; of such a message
// only the beginning is kept.
type redactor struct{}

// longestRemark bounds what is kept of the runtime's own messages.
const longestRemark = 200

func redact(message string) string {
	if at := strings.IndexAny(message, "{[\"'"); at >= 0 {
		message = message[:at] + "…"
	}
	if len(message) > longestRemark {
		cut := longestRemark
		for cut > 0 && !utf8.RuneStart(message[cut]) {
			cut--
		}
		message = message[:cut] + "…"
	}
	return message
}

func (redactor) Print(m string)   { slog.Info("window", "says", redact(m)) }
func (redactor) Trace(m string)   { slog.Debug("window", "says", redact(m)) }
func (redactor) Debug(m string)   { slog.Debug("window", "says", redact(m)) }
func (redactor) Info(m string)    { slog.Info("window", "says", redact(m)) }
func (redactor) Warning(m string) { slog.Warn("window", "says", redact(m)) }
func (redactor) Error(m string)   { slog.Error("window", "says", redact(m)) }

// Fatal is expected not to return.
func (redactor) Fatal(m string) {
	slog.Error("window ends", "says", redact(m))
	os.Exit(1)
}

// logFile is the program's log in the data folder, with one older file beside it.
type logFile struct{ f *os.File }

const (
	logName    = "mailroom.log"
	logLargest = 5 << 20
)

// open sends the log to DIR/mailroom.log as well as to the terminal.
func (l *logFile) open(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, logName)
	if info, err := os.Stat(path); err == nil && info.Size() > logLargest {
		if err := os.Rename(path, path+".1"); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	l.f = f
	slog.SetDefault(slog.New(slog.NewTextHandler(io.MultiWriter(f, os.Stderr), nil)))
	return nil
}

func (l *logFile) close() {
	if l.f != nil {
		slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
		_ = l.f.Close()
	}
}
