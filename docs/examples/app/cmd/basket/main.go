// Basket adds up prices in cents: /total?price=250&price=1999
package main

import (
	"fmt"
	"log"
	"net/http"
	"strconv"

	"example.com/acme/shop/money"
)

func main() {
	http.HandleFunc("/total", total)
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func total(w http.ResponseWriter, r *http.Request) {
	sum := 0
	for _, price := range r.URL.Query()["price"] {
		cents, err := strconv.Atoi(price)
		if err != nil || cents < 0 {
			http.Error(w, "A price is a number of cents.", http.StatusBadRequest)
			return
		}
		sum += cents
	}
	fmt.Fprintln(w, money.Euros(sum))
}
