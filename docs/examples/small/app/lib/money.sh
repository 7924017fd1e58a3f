# Money in cents, written as people read it.
money() {
    printf '%d.%02d EUR' $(($1 / 100)) $(($1 % 100))
}
