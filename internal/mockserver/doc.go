// Package mockserver stands in for a CommPeak account that uses the Streams API.
//
// A [Server] is one http.Handler that serves both hosts of the service: the management API under [ManagementPath],
// authorised by the account's API key, and the run-time API at the root, authorised by a stream's token. It keeps what it
// is told, refuses what the contract refuses, and forgets everything when it is dropped, unless [Server.Snapshot] is used.
//
// Besides HTTP there is a Go API for tests. It looks at the account without a request ([Server.Streams], [Server.Token],
// [Server.Requests]), changes it as somebody in the console would ([Server.AddStream], [Server.EditStream],
// [Server.ResetToken]) and makes the service misbehave ([Server.Inject]). Whatever it returns is a deep copy.
//
// People who run the server as a program reach the same through hooks that need no key and are no part of the contract:
//
//	GET    /_mock/requests               the requests so far, secrets blotted out
//	DELETE /_mock/requests               forget them
//	POST   /_mock/faults                 inject a fault: the fields of Fault, delay as "1.5s"
//	DELETE /_mock/faults                 forget the faults that are still to come
//	GET    /_mock/streams                the streams, all at once
//	POST   /_mock/streams                a stream made by hand in the console
//	PATCH  /_mock/streams/{id}           a stream changed by hand (merge patch)
//	DELETE /_mock/streams/{id}           a stream deleted by hand
//	POST   /_mock/streams/{id}/token     a token reset by hand
//	POST   /_mock/streams/{id}/incoming  a message comes in: {"from", "to", "text"}; webhooks are called
//
// Hooks are neither logged nor delayed, and no fault hits them.
package mockserver
