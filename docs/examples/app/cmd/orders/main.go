// Orders says what shipping costs for an order of so many cents: /shipping?order=2500
package main

import (
	"fmt"
	"log"
	"net/http"
	"strconv"

	"example.com/acme/shop/money"
)

const (
	fee      = 490
	freeFrom = 5000
)

func main() {
	http.HandleFunc("/shipping", shipping)
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func shipping(w http.ResponseWriter, r *http.Request) {
	order, err := strconv.Atoi(r.URL.Query().Get("order"))
	if err != nil || order < 0 {
		http.Error(w, "An order is a number of cents.", http.StatusBadRequest)
		return
	}
	cost := fee
	if order >= freeFrom {
		cost = 0
	}
	fmt.Fprintln(w, money.Euros(cost))
}
