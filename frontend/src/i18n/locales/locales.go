// Package locales embeds the page's texts, so that reports and verbs written by the
// program use the same words as the page. It leaves out choosing and filling in a
// text: that is the reader's part.
package locales

import "embed"

// FS holds one folder per language, zh-CN and en, with one file per area of the
// program (move.json, trouble.json …). The files of a language make one nested
// object of texts with {{placeholders}}; no top-level key stands in two of them.
//
//go:embed en/*.json zh-CN/*.json
var FS embed.FS
