# The mock server's image of a release. image.yml unpacks the released programs, one folder for each architecture.
# internal/cmd/commpeak-mock/Dockerfile builds the same image from source.
FROM scratch
ARG TARGETARCH
# Webhooks are called over https too.
COPY ca-certificates.crt /etc/ssl/certs/
COPY ${TARGETARCH}/commpeak-mock /
USER 65532:65532
EXPOSE 8080
ENTRYPOINT ["/commpeak-mock", "-listen", "0.0.0.0:8080"]
