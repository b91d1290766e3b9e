// Package simulation plays out what may go wrong between Terraform, the provider
// and the API, many thousands of times: a small model of Terraform core
// drives the provider in process, over the plugin protocol, and between provider
// and mock server lies a network that fails as a schedule says.
//
// A schedule is drawn by rapid, and is nothing but data: it shrinks to the few
// faults that matter, and plays out again from the seed that a failure prints.
// Time is that of package testing/synctest, so no wait costs any.
//
// Where to find what:
//
//	schedule   what is drawn: configurations, edits in the console, faults
//	operations what the user does with Terraform in addition to apply
//	terraform  the model of Terraform core, and of the user before it
//	network    requests, one at a time, and the faults that hit them
//	console    what another program does to the account
//	world      an account and all around it; what must hold, and when
//	broken     defective builds, each of which the simulation must catch
//
// All of it is tests: go test, or `make sim`.
package simulation
