package commpeak

import (
	"slices"
	"strconv"
)

// chart is what one refresh knows of a paged list: which ids stand on which
// page, and what asking has cost so far. It says which page to ask for next,
// and whether that may be afforded.
//
// Who reads one object after the other cannot know how many more will follow:
// a page for each of a few objects in a long list is waste, and so is a GET for
// each of a thousand. So every object that is wanted pays for one page, and one
// that a page has told of, which spares its GET, for another one. With m objects
// wanted and h of them found on pages, no more than m+h pages are asked for, and
// no more than m-h objects need a GET: together at most 2m.
//
// An object is asked for by itself when it stands on no page, or when nothing is
// left to pay a page with: m+h pages were asked for, which are no fewer than the
// m-h objects that needed a GET so far. Together that is at most twice the pages.
//
// So the cost never exceeds twice the better of "a GET for each object" and "all
// pages". Pages past the end, of which there are at most mostAhead+1, count as
// pages, and each object that stands on no page costs its GETs anyhow.
//
// The order of a list, ascending ids, is a hint only: it tells where to look
// first. A list in any other order costs more, within the same bounds.
type chart struct {
	// pages are those that came and told something new, asking those on their
	// way.
	pages  map[int]span
	asking map[int]int
	// last is the highest of pages, end the lowest known to be past them all; 0
	// while none is.
	last, end int
	// listed are the ids on pages; unordered: they do not ascend.
	listed    map[string]bool
	unordered bool
	// wanted are the objects that were read; true: found on a page.
	wanted map[string]bool
	// found counts those, asked the pages asked for, and wasted those of them
	// that told nothing new.
	found, asked, wasted int
}

// span is the lowest and the highest id on a page.
type span struct{ low, high int64 }

const (
	// mostAhead is how many pages may be asked for, in vain or at a time, of
	// which nobody knows whether they exist.
	mostAhead = 4
	// leap is how many times as far as the last page known a guess may go.
	leap = 8
)

func newChart() chart {
	return chart{pages: map[int]span{}, asking: map[int]int{}, wanted: map[string]bool{}, listed: map[string]bool{}}
}

// want notes that an object is read.
func (c *chart) want(id string) {
	if !c.wanted[id] {
		c.wanted[id] = false
	}
}

// find notes that a page told of an object that is read.
func (c *chart) find(id string) {
	if !c.wanted[id] {
		c.wanted[id] = true
		c.found++
	}
}

// ask notes that a page is asked for.
func (c *chart) ask(page int) {
	c.asking[page]++
	c.asked++
}

// affords reports whether the page may be asked for.
func (c *chart) affords(page int) bool {
	if c.asked >= len(c.wanted)+c.found {
		return false
	}
	ahead := 0
	for other, times := range c.asking {
		if other > c.last {
			ahead += times
		}
	}
	return page <= c.last || ahead+c.wasted < mostAhead || ahead == 0 && page == c.last+1
}

// lose notes that a page did not come.
func (c *chart) lose(page int) { c.asking[page]-- }

// see notes that a page came, and the ids on it.
func (c *chart) see(page int, ids []string) {
	c.asking[page]--
	if len(ids) < PageSize {
		c.endAt(page + 1)
	}
	known := len(c.listed)
	for _, id := range ids {
		c.listed[id] = true
	}
	if len(c.listed) == known {
		c.wasted++
		c.unordered = c.unordered || page < c.last
		c.endAt(page)
		return
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		number, err := strconv.ParseInt(id, 10, 64)
		numbers[i] = number
		c.unordered = c.unordered || err != nil
	}
	c.unordered = c.unordered || !slices.IsSorted(numbers)
	here := span{numbers[0], numbers[len(numbers)-1]}
	for other, there := range c.pages {
		before := there.low < here.low && there.high < here.high
		after := there.low > here.low && there.high > here.high
		c.unordered = c.unordered || other < page && !before || other > page && !after
	}
	c.pages[page] = here
	c.last = max(c.last, page)
}

func (c *chart) endAt(page int) {
	if c.end == 0 || page < c.end {
		c.end = page
	}
}

// place is the page on which the object should be, of those that have not come;
// 0 where it is on none of them.
func (c *chart) place(id string) int {
	number, err := strconv.ParseInt(id, 10, 64)
	switch {
	case c.listed[id]:
		return 0
	case len(c.pages) == 0 && c.end == 0:
		return 1
	case c.unordered || err != nil:
		return c.untouched()
	}
	// The page that begins nearest before the object, and the one after it.
	before, after := 0, 0
	for page, ids := range c.pages {
		if ids.low <= number {
			before = max(before, page)
		} else if after == 0 || page < after {
			after = page
		}
	}
	ids := c.pages[before]
	switch {
	case before == 0, number <= ids.high:
		return 0
	case after == 0:
		return c.beyond(number)
	}
	between := after - before - 1
	if between == 0 {
		return 0
	}
	share := float64(number-ids.high) / float64(c.pages[after].low-ids.high)
	return before + 1 + min(int(share*float64(between)), between-1)
}

// beyond is the page, after the last known one, on which the object should be
// if the ids go on as they stand on that page.
func (c *chart) beyond(number int64) int {
	next := c.last + 1
	if c.end != 0 && next >= c.end {
		return 0
	}
	farthest := c.last * leap
	if c.end != 0 {
		farthest = min(farthest, c.last+(c.end-c.last)/2) // It was a guess too far that told of the end.
	}
	if c.wasted >= mostAhead {
		farthest = next
	}
	ids := c.pages[c.last]
	pages := float64(number-ids.high-1) / float64(ids.high-ids.low+1)
	return next + int(min(pages, float64(farthest-next)))
}

// untouched is the first page that nobody has asked for, else one that is on its
// way; 0 where there is neither.
func (c *chart) untouched() int {
	onItsWay := 0
	for page := 1; c.end == 0 || page < c.end; page++ {
		_, came := c.pages[page]
		switch {
		case came:
		case c.asking[page] == 0:
			return page
		default:
			onItsWay = page
		}
	}
	return onItsWay
}
