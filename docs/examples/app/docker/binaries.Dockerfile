# All binaries, built together; the images of the services take theirs from here.
FROM golang:1.23.4-bookworm AS build
WORKDIR /src
COPY . .
RUN go vet ./... && go test ./... && ./build-binaries /binaries

FROM scratch
COPY --from=build /binaries /
