# Builds one static binary and runs it as nobody in particular, with one volume.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=1 go build -tags 'netgo osusergo sqlite_omit_load_extension' -trimpath \
      -ldflags "-s -w -linkmode external -extldflags '-static' -X countersign/commands.Version=${VERSION}" -o /countersign . \
 && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /countersign /countersign
COPY --from=build --chown=nonroot:nonroot /data /data
USER nonroot
VOLUME /data
EXPOSE 8080
ENV COUNTERSIGN_DATA=/data COUNTERSIGN_ADDR=:8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/countersign", "health"]
ENTRYPOINT ["/countersign"]
CMD ["serve"]
