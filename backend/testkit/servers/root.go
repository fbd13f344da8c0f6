package servers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// cacheFolders are where scripts/setup.sh unpacks the servers' packages.
func cacheFolders() []string {
	if dir := os.Getenv("MAILROOM_SERVERS"); dir != "" {
		return []string{dir}
	}
	dirs := []string{"/var/cache/mailroom/servers"}
	if dir, err := os.UserCacheDir(); err == nil {
		dirs = append(dirs, filepath.Join(dir, "mailroom", "servers"))
	}
	return dirs
}

// findRoot returns the folder that holds the unpacked packages of one server, the
// newest where there are several.
func findRoot(name string) (string, error) {
	if runtime.GOOS != "linux" {
		return "", errors.New("real servers run on Linux only")
	}
	var best string
	var newest time.Time
	for _, dir := range cacheFolders() {
		marks, err := filepath.Glob(filepath.Join(dir, name+"-*", ".complete"))
		if err != nil {
			return "", fmt.Errorf("look for %s: %w", name, err)
		}
		for _, mark := range marks {
			if info, err := os.Stat(mark); err == nil && info.ModTime().After(newest) {
				best, newest = filepath.Dir(mark), info.ModTime()
			}
		}
	}
	if best == "" {
		return "", fmt.Errorf("%s is not unpacked in %s: run scripts/setup.sh servers", name, strings.Join(cacheFolders(), " or "))
	}
	return best, passable(best)
}

// passable checks that "nobody" may enter the folder when we are root.
func passable(dir string) error {
	if !whoami().drop {
		return nil
	}
	for at := dir; at != "/" && at != "."; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o001 == 0 {
			return fmt.Errorf("%s cannot be entered by the servers' user (nobody): set MAILROOM_SERVERS to a folder that everybody can read", at)
		}
	}
	return nil
}

// libraryPath is LD_LIBRARY_PATH for the unpacked programs: the multiarch folders
// and those that are named.
func libraryPath(root string, more ...string) string {
	var dirs []string
	for _, pattern := range append(more, "usr/lib/*-linux-gnu*", "lib/*-linux-gnu*") {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err == nil {
			dirs = append(dirs, found...)
		}
	}
	return strings.Join(dirs, ":")
}
