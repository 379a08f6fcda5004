# A node with its CometBFT. The home is the volume /var/lib/hanzo:
#   docker run -v hanzo:/var/lib/hanzo <image> init my-node
#   docker run -v hanzo:/var/lib/hanzo -p 26656:26656 <image>

FROM golang:1.23-bookworm AS cometbft
WORKDIR /src
COPY versions.lock ./
COPY scripts/cometbft.sh scripts/
COPY tools/cometbft tools/cometbft
RUN install -D "$(scripts/cometbft.sh)" /out/cometbft

FROM node:24-bookworm AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN touch node_modules/.installed && make build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/hanzo --shell /usr/sbin/nologin hanzo && chmod 700 /var/lib/hanzo
WORKDIR /opt/hanzo
COPY --from=cometbft /out/cometbft /usr/local/bin/cometbft
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/dist dist
ENV HANZO_HOME=/var/lib/hanzo COMETBFT_BIN=/usr/local/bin/cometbft NODE_ENV=production HANZOD_LOG_FORMAT=json MALLOC_ARENA_MAX=2
USER hanzo
VOLUME /var/lib/hanzo
# Peers; RPC, REST with health and metrics listen on 127.0.0.1 of the container until the settings say otherwise.
EXPOSE 26656 26657 1317 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:1317/livez').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/cmd/hanzod/main.js"]
CMD ["start", "--quiet"]
