package commpeak

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strconv"
)

// PageSize is the number of objects in a full page, the largest page that the API documents.
const PageSize = 100

// page returns one page of a paged collection, counted from 1. It is never larger
// than asked for.
func page[T any](ctx context.Context, c *Client, list call, number int) ([]T, error) {
	list.query = url.Values{"_page": {strconv.Itoa(number)}, "itemsPerPage": {strconv.Itoa(PageSize)}}
	items, err := send[[]T](ctx, c, list)
	if err == nil && len(items) > PageSize {
		return nil, &Error{Operation: list.does, Sent: true, err: fmt.Errorf("%w: a page of %d items, more than the %d asked for", ErrNotTheAPI, len(items), PageSize)}
	}
	return items, err
}

// pages lists a paged collection from its first page on, each page when it is
// reached. The API gives no total: the first page that is not full is the last.
// An error ends the sequence.
func pages[T any](ctx context.Context, c *Client, list call) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for number := 1; ; number++ {
			items, err := page[T](ctx, c, list, number)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if len(items) < PageSize {
				return
			}
		}
	}
}
