package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Pool holds message bytes by checksum, once each. A message that the office invented
// itself costs nothing when it arrives at the other server: it is made anew when read.
type Pool struct {
	dir string // for the bytes of other messages; "" memory

	mu    sync.RWMutex
	known map[Sum]Body
}

// NewPool makes a pool that keeps foreign messages under dir, or in memory if dir is "".
func NewPool(dir string) *Pool { return &Pool{dir: dir, known: map[Sum]Body{}} }

// Know tells the pool of a body that can be made anew.
func (p *Pool) Know(sum Sum, b Body) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[sum] = b
}

func (p *Pool) lookup(sum Sum) Body {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.known[sum]
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keep reads a message and returns its body and checksum.
func (p *Pool) keep(r io.Reader) (Body, Sum, error) {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer func() {
		if buf.Cap() <= 1<<20 { // one huge message shall not stay in memory
			buffers.Put(buf)
		}
	}()
	if _, err := buf.ReadFrom(r); err != nil {
		return nil, Sum{}, err
	}
	sum := sha256.Sum256(buf.Bytes())
	if b := p.lookup(sum); b != nil {
		return b, sum, nil
	}
	b, err := p.foreign(sum, buf.Bytes())
	if err != nil {
		return nil, sum, err
	}
	p.Know(sum, b)
	return b, sum, nil
}

func (p *Pool) foreign(sum Sum, data []byte) (Body, error) {
	if p.dir == "" {
		return inMemory(bytes.Clone(data)), nil
	}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, fmt.Errorf("keep message: %w", err)
	}
	path := p.path(sum)
	tmp := path + ".new"
	if err := os.WriteFile(tmp, data, 0o600); err != nil {
		return nil, fmt.Errorf("keep message: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return nil, fmt.Errorf("keep message: %w", err)
	}
	return onDisk{path, int64(len(data))}, nil
}

// recall finds a body of an earlier run.
func (p *Pool) recall(sum Sum) (Body, error) {
	if b := p.lookup(sum); b != nil {
		return b, nil
	}
	if p.dir == "" {
		return nil, errors.New("unknown message")
	}
	info, err := os.Stat(p.path(sum))
	if err != nil {
		return nil, err
	}
	b := onDisk{p.path(sum), info.Size()}
	p.Know(sum, b)
	return b, nil
}

func (p *Pool) path(sum Sum) string { return filepath.Join(p.dir, hex.EncodeToString(sum[:])+".eml") }

// inMemory is a body that is simply held.
type inMemory []byte

func (b inMemory) Size() int64 { return int64(len(b)) }

func (b inMemory) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(b)
	return int64(n), err
}

func (b inMemory) Header() []byte { return headerOf(b) }

func headerOf(data []byte) []byte {
	end := len(data)
	for _, gap := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(data, []byte(gap)); i >= 0 {
			end = min(end, i+len(gap))
		}
	}
	return data[:end]
}

// onDisk is a body in a file of its own.
type onDisk struct {
	path string
	size int64
}

func (b onDisk) Size() int64 { return b.size }

func (b onDisk) WriteTo(w io.Writer) (int64, error) {
	f, err := os.Open(b.path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return io.Copy(w, io.LimitReader(f, b.size))
}

func (b onDisk) Header() []byte {
	data, err := os.ReadFile(b.path)
	if err != nil {
		return nil
	}
	return headerOf(data)
}
