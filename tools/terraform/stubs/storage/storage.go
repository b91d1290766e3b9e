// Package storage stands in for the client of Google Cloud Storage, which only modules in a bucket need. Its libraries take a third of
// the time in which Terraform starts.
package storage

import (
	"context"
	"errors"
	"io"

	"google.golang.org/api/option"
)

type (
	// Client is the client that NewClient never returns.
	Client struct{}
	// BucketHandle is a bucket.
	BucketHandle struct{}
	// ObjectHandle is an object.
	ObjectHandle struct{}
	// ObjectIterator lists objects.
	ObjectIterator struct{}
	// ObjectAttrs describe an object.
	ObjectAttrs struct{ Name string }
	// Query selects objects.
	Query struct{ Prefix string }
	// Reader reads an object.
	Reader struct{ io.ReadCloser }
)

var errMissing = errors.New("this Terraform is built for tests and cannot read from Google Cloud Storage: use a released Terraform")

// NewClient returns an error.
func NewClient(context.Context, ...option.ClientOption) (*Client, error) { return nil, errMissing }

func (*Client) Bucket(string) *BucketHandle                           { return nil }
func (*BucketHandle) Objects(context.Context, *Query) *ObjectIterator { return nil }
func (*BucketHandle) Object(string) *ObjectHandle                     { return nil }
func (o *ObjectHandle) Generation(int64) *ObjectHandle                { return o }
func (*ObjectHandle) NewReader(context.Context) (*Reader, error)      { return nil, errMissing }
func (*ObjectIterator) Next() (*ObjectAttrs, error)                   { return nil, errMissing }
