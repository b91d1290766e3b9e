package commpeak

import (
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
