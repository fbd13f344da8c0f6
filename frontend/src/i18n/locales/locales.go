// Package locales embeds the page's two language files, so that reports written by
// the program use the same words as the page. It leaves out choosing and filling
// in a text: that is the reader's part.
package locales

import "embed"

// FS holds zh-CN.json and en.json, each one nested object of texts with
// {{placeholders}}.
//
//go:embed zh-CN.json en.json
var FS embed.FS
