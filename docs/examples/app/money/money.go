// Package money writes amounts as people read them.
package money

import "fmt"

// Euros is what so many cents are: 1999 is "19.99 EUR".
func Euros(cents int) string {
	return fmt.Sprintf("%d.%02d EUR", cents/100, cents%100)
}
