package commpeak

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// pageSize is the largest page that the API documents.
const pageSize = 100

// pages lists a paged collection from its first page on, each page when it is
// reached. The API gives no total: the first page that is not full is the last.
// An error ends the sequence.
func pages[T any](ctx context.Context, c *Client, does, path string, args ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for number := 1; ; number++ {
			page, err := send[[]T](ctx, c, call{
				does: does, method: http.MethodGet, path: path, args: args,
				query: url.Values{"_page": {strconv.Itoa(number)}, "itemsPerPage": {strconv.Itoa(pageSize)}},
			})
			if err == nil && len(page) > pageSize {
				err = &Error{Operation: does, Sent: true, err: fmt.Errorf("%w: a page of %d items, more than the %d asked for", ErrNotTheAPI, len(page), pageSize)}
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page {
				if !yield(item, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}
