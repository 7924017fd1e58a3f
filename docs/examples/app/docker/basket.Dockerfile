ARG BINARIES
FROM $BINARIES AS binaries

FROM scratch
COPY --from=binaries /basket /basket
USER 65534
EXPOSE 8080
ENTRYPOINT ["/basket"]
