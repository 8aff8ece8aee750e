// Package demo invents a town and lets it live: the Comune di Borgoluce, with
// its schools, families, menus and tariffs, and a history of service days lived
// through the real actions of the record, each at the moment at which it would
// have happened. It is for trying the program, for training staff and for
// measuring; nobody in it exists.
//
// Three rules of the place:
//
//   - Nothing is written behind the record's back: whatever a town has came in
//     through an import, a communication, a close, a payment entered by the
//     office. So a demo town passes the check by construction.
//   - The same Options give the same town. Every draw comes from a stream of
//     its own, named after what it is for, so that a new draw in one place does
//     not move the others. Only the internal numbers of payments recorded at the
//     same instant, which share their commits, may differ.
//   - Names, streets and codes are invented; e-mail addresses are at
//     example.org, telephones under a prefix no Italian operator has.
//
// What happens beside the meals (an enrolment, a diet, a visit to the counter) is
// a scene: planned with its moment, played by the same calls as the pages when
// the town's clock gets there.
//
// To add a family that people log in as, add it to showcases; to add a dish, to
// the season's table and to plates; to add a scene, plan it in planScenes, after
// what it builds on.
package demo
