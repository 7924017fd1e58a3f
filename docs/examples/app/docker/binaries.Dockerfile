# syntax=docker/dockerfile:1
# All binaries, built together; the images of the services take theirs from here.
FROM golang:1.23.4-bookworm AS build
WORKDIR /src
COPY . .
# The cache of the compiler stays on the builder from one build to the next.
RUN --mount=type=cache,target=/root/.cache/go-build go vet ./... && go test ./... && ./build-binaries /binaries

FROM scratch
COPY --from=build /binaries /
