package cli

import (
	"io"

	"pointille/internal/card"
)

// cardWriter writes the card on a paper.
func cardWriter(paper string) func(io.Writer) error {
	return func(w io.Writer) error { return card.WritePDF(w, paper) }
}
