package migrate

import (
	"io"

	"golang.org/x/text/encoding/htmlindex"
)

// charsetReader lets encoded words of any charset known to browsers be read.
func charsetReader(charset string, input io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(input), nil
}
