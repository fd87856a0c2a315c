# Pointille in a container.
#
#   docker build --build-arg VERSION="$(scripts/version.sh)" -t pointille .
#   docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD/CASE:/case" pointille plan --out /case/out /case
#
# Debian 12's own Go is too old for this tree, so the toolchain comes from GO_IMAGE: any image with /usr/local/go.
ARG GO_IMAGE=golang:1.26-bookworm

FROM ${GO_IMAGE} AS go

FROM debian:bookworm AS build
COPY --from=go /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /src
COPY scripts scripts
RUN apt-get update \
 && apt-get install -y --no-install-recommends make $(scripts/setup.sh --packages)
COPY go.mod go.sum ./
ARG GOPROXY
ARG GOSUMDB
RUN go mod download
COPY . .
ARG VERSION=dev
RUN make build VERSION="$VERSION"

FROM debian:bookworm
# The libraries that "objdump -p bin/pointille" names as needed; apt adds theirs. Manuals and translations stay
# out (copyright files stay), and what only a screen, a camera or a map needs: OpenCV's window and video parts ask for it
# by package, but no library that the program loads does. Each takes tens of megabytes.
RUN { printf 'path-exclude=%s\n' \
        '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/info/*' '/usr/share/doc/*' \
        '/usr/lib/*/dri/*' '/usr/lib/*/libLLVM*' '/usr/lib/*/libz3.so*' '/usr/lib/*/mfx/*' \
        '/usr/share/proj/*' '/usr/share/iso-codes/*' '/usr/share/xml/iso-codes/*' '/usr/share/X11/*' ; \
      echo 'path-include=/usr/share/doc/*/copyright'; } >/etc/dpkg/dpkg.cfg.d/slim \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
      libjpeg62-turbo \
      libopencv-calib3d406 \
      libopencv-contrib406 \
      libopencv-core406 \
      libopencv-dnn406 \
      libopencv-features2d406 \
      libopencv-highgui406 \
      libopencv-imgcodecs406 \
      libopencv-imgproc406 \
      libopencv-objdetect406 \
      libopencv-photo406 \
      libopencv-video406 \
      libopencv-videoio406 \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin pointille
COPY --from=build /src/bin/pointille /usr/local/bin/pointille
COPY LICENSE NOTICE /usr/share/doc/pointille/
RUN pointille version
USER pointille
WORKDIR /case
ENTRYPOINT ["pointille"]
CMD ["--help"]
