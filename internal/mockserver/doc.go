// Package mockserver stands in for a CommPeak account that uses the Streams API.
//
// A [Server] is one http.Handler that serves both hosts of the API: the management API under [ManagementPath],
// authorized by the account's API key, and the messaging API at the root, authorized by a stream's token. It stores what is
// written and rejects what the contract rejects. Everything is in memory; [Server.Snapshot] returns it.
//
// In addition to HTTP there is a Go API for tests. It looks at the account without a request ([Server.Streams],
// [Server.Token], [Server.Requests]), changes it as the console would ([Server.AddStream], [Server.EditStream],
// [Server.ResetToken]) and makes it misbehave ([Server.Inject]). Everything that it returns is a deep copy.
//
// People who run the server as a program do the same through hooks under /_mock, which need no key and are not part of the
// contract. GET /_mock lists them for programs and is a page for browsers. Hooks are neither logged nor delayed, no fault
// hits them, and pages of other origins cannot call them.
package mockserver
