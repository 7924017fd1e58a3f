ARG BINARIES
FROM $BINARIES AS binaries

FROM scratch
COPY --from=binaries /orders /orders
USER 65534
EXPOSE 8080
ENTRYPOINT ["/orders"]
