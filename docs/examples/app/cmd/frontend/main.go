// Frontend shows the shop.
package main

import (
	_ "embed"
	"log"
	"net/http"
)

//go:embed index.html
var page []byte

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
