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

func pageQuery(number int) url.Values {
	return url.Values{"_page": {strconv.Itoa(number)}, "itemsPerPage": {strconv.Itoa(PageSize)}}
}

// page returns one page of a paged collection, counted from 1. It is never larger
// than requested.
func page[T any](ctx context.Context, c *Client, list call, number int) ([]T, error) {
	list.query = pageQuery(number)
	items, err := send[flexList[T]](ctx, c, list)
	if err == nil && len(items) > PageSize {
		err = tooManyItems(list, len(items), PageSize)
	}
	return items, err
}

func tooManyItems(list call, got, asked int) error {
	return &Error{
		Operation: list.describe(), Sent: true,
		err: fmt.Errorf("%w: a page of %d items, more than the %d asked for", ErrNotTheAPI, got, asked),
	}
}

// pages lists a paged collection from its first page on, each page when it is
// reached. The API returns no total: the first page that is not full is the last.
// An error ends the sequence.
func pages[T any](ctx context.Context, c *Client, list call) iter.Seq2[T, error] {
	return pagesOf(func(number int) ([]T, bool, error) {
		items, err := page[T](ctx, c, list, number)
		return items, len(items) < PageSize, err
	})
}

// pagesOf lists the pages that fetch returns, up to the one that it names the last.
func pagesOf[T any](fetch func(number int) (items []T, last bool, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for number := 1; ; number++ {
			items, last, err := fetch(number)
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
			if last {
				return
			}
		}
	}
}
