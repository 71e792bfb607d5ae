# The agent runtime as containers: one image, and a target for each of its parts.
#   docker build --file infra/docker/agent-runtime.Dockerfile --target language --tag signalbox-language .
# Settings are in docs/guides/scale-the-runtime.md; each container is told DATABASE_URL.

FROM node:24.21.0-trixie-slim AS installed
WORKDIR /signalbox
COPY package.json package-lock.json .npmrc ./
COPY apps/agent-runtime ./apps/agent-runtime
COPY packages ./packages
RUN npm install --no-save --ignore-scripts --omit=dev --omit=optional --workspace @signalbox/agent-runtime --no-audit --no-fund --loglevel=error

FROM node:24.21.0-trixie-slim AS runtime
WORKDIR /signalbox
COPY --from=installed /signalbox ./
COPY infra/docker/isReady.js ./infra/docker/isReady.js
ENV NODE_ENV=production
# The container's network decides who reaches it.
ENV SIGNALBOX_LISTEN_ADDRESS=0.0.0.0
# Long enough for a load balancer to hear that a container goes.
ENV SIGNALBOX_DRAIN_MS=2000
USER node
STOPSIGNAL SIGTERM
EXPOSE 4501
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s CMD ["node", "infra/docker/isReady.js"]
CMD ["node", "apps/agent-runtime/src/main.ts"]

FROM runtime AS language
ENV SIGNALBOX_RUNTIME_PARTS=language

FROM runtime AS memory
ENV SIGNALBOX_RUNTIME_PARTS=memory

FROM runtime AS planning
ENV SIGNALBOX_RUNTIME_PARTS=planning

FROM runtime AS tools
ENV SIGNALBOX_RUNTIME_PARTS=tools

FROM runtime AS worker
ENV SIGNALBOX_RUNTIME_PARTS=worker

FROM runtime AS gateway
ENV SIGNALBOX_RUNTIME_PARTS=gateway
# Whoever reaches it is not on this machine.
ENV SIGNALBOX_GATEWAY_KEY_REQUIRED=true
EXPOSE 4500
