// Package signin lets people in with the identity the State gives them: one
// generic OpenID Connect client in front of the gateways that speak SPID and
// CIE for a municipality (rules R1.1–R1.6). It knows the protocol and nothing
// of the record.
//
// # The flow
//
// Begin draws state, nonce and the PKCE verifier, and gives the address of the
// provider to send the browser to; the three are a Ticket, which the caller
// keeps bound to that browser. Finish takes the ticket and the query with which
// the browser came back, redeems the code, verifies the ID token, merges the
// userinfo and returns the Identity. A ticket is good once.
//
// # The rules of the place
//
//   - A person is a fiscal code, never a sub: gateways change the sub at every
//     login (R1.4).
//   - What a provider may differ in is a setting with a preset (presets.go);
//     what keeps an impostor out is not.
//   - Nothing is asked of a provider before somebody wants to come in, so that
//     one that is down does not stop the service (provider.go).
package signin
