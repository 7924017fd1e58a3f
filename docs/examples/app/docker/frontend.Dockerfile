ARG BINARIES
FROM $BINARIES AS binaries

FROM scratch
COPY --from=binaries /frontend /frontend
USER 65534
EXPOSE 8080
ENTRYPOINT ["/frontend"]
