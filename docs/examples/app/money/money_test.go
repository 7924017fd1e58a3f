package money

import "testing"

func TestEuros(t *testing.T) {
	for cents, want := range map[int]string{0: "0.00 EUR", 5: "0.05 EUR", 1999: "19.99 EUR"} {
		if got := Euros(cents); got != want {
			t.Errorf("Euros(%d) is %q, not %q", cents, got, want)
		}
	}
}
