package commpeak

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// ids are n ids, each that much above the one before.
func ids(first, n, step int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = strconv.Itoa(first + i*step)
	}
	return texts
}

func backwards(list []string) []string {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// charted is a chart after these pages came, for which it was asked.
func charted(wanted int, pages map[int][]string) *chart {
	c := newChart()
	for i := range wanted {
		c.want("wanted " + strconv.Itoa(i))
	}
	for _, page := range slices.Sorted(maps.Keys(pages)) {
		c.ask(page)
		c.see(page, pages[page])
	}
	return &c
}

func TestChartPlacesIDs(t *testing.T) {
	t.Parallel()
	full, far := ids(101, 100, 1), ids(1101, 100, 1)
	for name, test := range map[string]struct {
		pages map[int][]string
		id    string
		want  int
	}{
		"nothing known":                     {nil, "7", 1},
		"nothing known, no number":          {nil, "a", 1},
		"an empty list":                     {map[int][]string{1: nil}, "7", 0},
		"before the list":                   {map[int][]string{1: full}, "7", 0},
		"between two ids of a page":         {map[int][]string{1: ids(101, 100, 2)}, "102", 0},
		"on the next page":                  {map[int][]string{1: full}, "201", 2},
		"at the end of the next page":       {map[int][]string{1: full}, "300", 2},
		"some pages on":                     {map[int][]string{1: full}, "750", 7},
		"farther than a leap":               {map[int][]string{1: full}, "99999", leap},
		"farther than any number of pages":  {map[int][]string{1: full}, "9223372036854775807", leap},
		"after the end":                     {map[int][]string{1: ids(101, 99, 1)}, "201", 0},
		"after the end, which was too far":  {map[int][]string{1: full, 8: nil}, "99999", 4},
		"after the end, all but one known":  {map[int][]string{1: full, 3: nil}, "99999", 2},
		"between two pages":                 {map[int][]string{1: full, 11: far}, "650", 6},
		"just before a page":                {map[int][]string{1: full, 11: far}, "1100", 10},
		"between two pages, closely":        {map[int][]string{1: full, 3: far}, "999", 2},
		"between two neighbours":            {map[int][]string{1: full, 2: far}, "999", 0},
		"on a page that descends":           {map[int][]string{1: backwards(full)}, "150", 0},
		"ids that descend":                  {map[int][]string{1: backwards(full)}, "7", 2},
		"pages that descend":                {map[int][]string{1: far, 2: full}, "7", 3},
		"pages that repeat":                 {map[int][]string{1: full, 2: full}, "201", 0},
		"ids that are no numbers":           {map[int][]string{1: {"a", "b"}}, "c", 0},
		"a full page of no numbers":         {map[int][]string{1: append(ids(1, 99, 1), "x")}, "y", 2},
		"an id that is no number":           {map[int][]string{1: full}, "x", 2},
		"pages that overlap by an id or so": {map[int][]string{1: full, 2: ids(200, 100, 1)}, "300", 3},
	} {
		if got := charted(9, test.pages).place(test.id); got != test.want {
			t.Errorf("%s: page %d, want %d", name, got, test.want)
		}
	}
}

// A page is paid for by each object that is wanted, and by each that is found.
func TestChartAffordsPages(t *testing.T) {
	t.Parallel()
	full := ids(101, 100, 1)
	c := charted(0, nil)
	affords := func(what string, page int, want bool) {
		t.Helper()
		if got := c.affords(page); got != want {
			t.Errorf("%s: page %d is afforded: %t", what, page, got)
		}
	}
	affords("nothing wanted", 1, false)
	c.want("101")
	c.want("101")
	affords("one wanted", 1, true)
	c.ask(1)
	affords("one wanted, one asked for", 2, false)
	c.see(1, full)
	affords("one wanted, one page came", 2, false)
	c.find("101")
	c.find("101")
	affords("one found", 2, true)
	c.ask(2)
	affords("one found, two asked for", 3, false)
	c.want("101")
	c.find("101")
	affords("the same found again", 3, false)

	for i := range 20 {
		c.want(strconv.Itoa(1000 + i))
	}
	affords("one page ahead", 3, true)
	c.ask(3)
	c.ask(4)
	affords("three pages ahead", 5, true)
	c.ask(5)
	affords("four pages ahead", 6, false)
	c.see(4, ids(1001, 100, 1))
	affords("that far it is known to go", 3, true)
	affords("one page ahead of what is known", 6, true)
	c.see(5, nil)
	c.see(3, ids(901, 100, 1))
	c.lose(2)
	affords("one in vain", 8, true)
	for _, page := range []int{8, 7, 6} {
		c.ask(page)
		c.see(page, nil)
	}
	affords("four in vain", 5, true) // the very next one
	affords("four in vain", 6, false)
	c.ask(5)
	affords("four in vain, and one on its way", 5, false)
	c.lose(5)
	affords("four in vain, and one lost", 5, true)
}

// What pages are on their way for is not asked for otherwise.
func TestChartWaitsForPages(t *testing.T) {
	t.Parallel()
	c := charted(9, map[int][]string{1: backwards(ids(101, 100, 1))})
	c.ask(2)
	c.ask(3)
	c.see(3, nil)
	if got := c.place("7"); got != 2 {
		t.Errorf("page %d, not 2, which is on its way", got)
	}
	c.see(2, ids(1, 50, 2))
	if got := c.place("8"); got != 0 {
		t.Errorf("page %d of a list that is known", got)
	}
}

// Guesses that go too far are halved, and given up after some.
func TestChartGuessesLess(t *testing.T) {
	t.Parallel()
	c := charted(99, map[int][]string{1: ids(101, 100, 1), 8: ids(801, 100, 1)})
	for _, want := range []int{64, 36, 22, 15, 9, 10} {
		got := c.place("99999999")
		if got != want || !c.affords(got) {
			t.Fatalf("page %d, not %d, or none to pay it with", got, want)
		}
		c.ask(got)
		if want < 15 {
			c.see(got, ids(101+100*got, 100, 1))
		} else {
			c.see(got, nil)
		}
	}
}

// A page that repeats others shows that the hint is worth nothing.
func TestChartNoticesRepetition(t *testing.T) {
	t.Parallel()
	full := ids(101, 100, 1)
	c := charted(9, map[int][]string{1: full, 11: ids(1101, 100, 1)})
	c.ask(6)
	c.see(6, full)
	if got := c.place("650"); got != 2 {
		t.Errorf("page %d, not the first that nobody asked for", got)
	}
}

// Whatever a list is like and whoever reads it, the cost stays within twice a
// GET for each object, and within twice all pages and a GET for each object that
// is on none.
func TestChartBoundsTheCost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := drawList(t)
		wanted := slices.Clone(list)
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle
		shuffle(len(wanted), func(i, j int) { wanted[i], wanted[j] = wanted[j], wanted[i] })
		wanted = wanted[:rapid.IntRange(0, len(wanted)).Draw(t, "managed")]
		gone := rapid.IntRange(0, 5).Draw(t, "gone")
		for i := range gone {
			wanted = append(wanted, strconv.Itoa(2001*(2*i+1)), "gone"+strconv.Itoa(i)) // an odd id is none.
		}
		shuffle(len(wanted), func(i, j int) { wanted[i], wanted[j] = wanted[j], wanted[i] })
		asked, wasted := simulate(wanted, list, rapid.IntRange(1, 20).Draw(t, "workers"))
		pages := len(list)/PageSize + 1
		if asked > 2*len(wanted) || asked > 2*(pages+mostAhead+1)+2*gone || wasted > mostAhead+1 {
			t.Fatalf("%d requests for %d objects in a list of %d, %d more on no page; %d pages in vain",
				asked, len(wanted)-2*gone, len(list), 2*gone, wasted)
		}
	})
}

// drawList draws the ids of a list: with gaps or without, ascending or not.
func drawList(t *rapid.T) []string {
	n := rapid.SampledFrom([]int{0, 1, 10, 99, 100, 101, 150, 250, 1000, 3000}).Draw(t, "n")
	gap := rapid.SampledFrom([]int{0, 3, 500}).Draw(t, "gap")
	kink := rapid.IntRange(0, n).Draw(t, "kink")
	chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "list seed"), 0))
	list, id := make([]string, n), 0
	for i := range list {
		id += 2 // an odd id is none.
		if i > kink {
			id += 2 * chance.IntN(gap+1)
		}
		list[i] = strconv.Itoa(id)
	}
	switch rapid.SampledFrom([]string{"ascending", "ascending", "descending", "mixed"}).Draw(t, "order") {
	case "descending":
		slices.Reverse(list)
	case "mixed":
		chance.Shuffle(n, func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list
}

// simulate refreshes the objects, as many at a time as there are workers, and
// returns the number of requests, and that of pages in vain. It waits for pages as [refresh.step] does.
func simulate(wanted, list []string, workers int) (asked, wasted int) {
	c := newChart()
	singles := 0
	known := map[string]bool{}
	waiting := []string{}
	for len(wanted) > 0 || len(waiting) > 0 {
		for len(waiting) < workers && len(wanted) > 0 {
			waiting, wanted = append(waiting, wanted[0]), wanted[1:]
			c.want(waiting[len(waiting)-1])
		}
		var pages []int
		waiting = slices.DeleteFunc(waiting, func(id string) bool {
			if known[id] {
				c.find(id)
				return true
			}
			page := c.place(id)
			switch {
			case page != 0 && c.asking[page] > 0:
			case page != 0 && c.affords(page):
				c.ask(page)
				pages = append(pages, page)
			case page == 0 || len(pages) == 0:
				singles++
				return true
			}
			return false
		})
		for _, page := range pages {
			on := list[min((page-1)*PageSize, len(list)):min(page*PageSize, len(list))]
			c.see(page, on)
			for _, id := range on {
				known[id] = true
			}
		}
	}
	return c.asked + singles, c.wasted
}
