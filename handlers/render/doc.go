// Package render turns page structs into HTML in the reader's language, and
// serves the static files.
//
// Three rules of the place:
//
//   - Everything that can be wrong in a template stops the start: a missing
//     message or icon, an unknown route, a page nobody declared, a context
//     html/template cannot escape. At run time a page either comes out whole or
//     not at all.
//   - Templates receive structs, never maps, and call functions that only format.
//   - What is constant is computed once. {{t "key"}}, {{icon "name"}}, {{asset
//     "css/app.css"}} and {{url "name"}} with literal arguments are replaced by
//     their value when the template is parsed, once per language, so that a page
//     costs what its data costs.
//
// To add a page: a struct embedding [Page] beside its handler, a file under
// assets/templates/pages that defines the block "main" (or "paper", for a page
// made to be printed, without header and footer), its name among Options.Pages,
// its messages in every language of assets/locales. The package assets documents
// the components.
package render
