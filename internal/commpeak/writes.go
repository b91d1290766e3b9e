package commpeak

import (
	"net/http"
	"strings"
	"sync"
)

// writes remembers what this client wrote, so that nothing it was told before
// answers a read afterwards. Its moments are not those of a clock: they count
// the writes that have ended.
type writes struct {
	mu  sync.Mutex
	now int64
	// ended is when the last write of an object ended, by its path.
	ended map[string]int64
}

// moment is now. What is asked for after it tells of every write that has ended
// by then.
func (w *writes) moment() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// end notes that a write of the object at the path, and with it of all that
// belongs to it, has ended, whatever came of it.
func (w *writes) end(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended == nil {
		w.ended = map[string]int64{}
	}
	w.now++
	w.ended[path] = w.now
}

// since reports whether a write of the object, or of what it belongs to, has
// ended after the moment. One that was on its way at that moment is such a write.
func (w *writes) since(moment int64, path string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.ended[path] <= moment {
		if path == "" {
			return false
		}
		path = path[:strings.LastIndex(path, "/")]
	}
	return true
}

// written is the path of what the call writes. What a create makes has its path
// from the answer alone: see [Client.created]. A send writes to some stream, of
// which its token alone is known: to any.
func (r call) written() (path string, writes bool) {
	if r.token != "" {
		return "", r.writes()
	}
	path, err := r.escapedPath()
	return path, err == nil && r.writes() && r.method != http.MethodPost
}

// created notes that the object, which the call reads, was made. Others may have
// been told of it while it was.
func (c *Client) created(object call) {
	if path, err := object.escapedPath(); err == nil {
		c.writes.end(path)
	}
}
