package mockserver

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
)

// listed answers a page of items as wire tells them.
func listed[T, W any](c *call, items []T, wire func(T) W) *answer {
	items, refusal := page(c, "_page", items)
	if refusal != nil {
		return refusal
	}
	list := []W{}
	for _, item := range items {
		list = append(list, wire(item))
	}
	return ok(list)
}

// page cuts the page that the query asks for out of items. The parameter name counts pages from 1; itemsPerPage is 1 to
// 100, 30 if missing.
func page[T any](c *call, name string, items []T) ([]T, *answer) {
	number, refusal := c.queryNumber(name, 1, math.MaxInt32)
	if refusal != nil {
		return nil, refusal
	}
	size, refusal := c.queryNumber("itemsPerPage", 30, 100)
	if refusal != nil {
		return nil, refusal
	}
	start := min((number-1)*size, len(items))
	return items[start:min(start+size, len(items))], nil
}

// queryNumber returns a query parameter that is a number from 1 to most.
func (c *call) queryNumber(name string, missing, most int) (int, *answer) {
	query := c.request.URL.Query()
	if !query.Has(name) {
		return missing, nil
	}
	n, err := strconv.Atoi(query.Get(name))
	if err != nil || n < 1 || n > most {
		return 0, problem(http.StatusBadRequest, fmt.Sprintf("%s must be a number from 1 to %d.", name, most))
	}
	return n, nil
}
