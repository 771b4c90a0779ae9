# The service: one bundle, the packages that cannot be bundled, and migrations. Postgres runs elsewhere (DATABASE_URL). `.ci/image` builds
# and runs it.

FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --prefer-offline --no-audit --no-fund
COPY tsconfig.json drizzle.config.ts bundle.ts bundle-options.ts ./
COPY api-docs api-docs
COPY client client
COPY console console
COPY scripts scripts
COPY src src
COPY plugins plugins
COPY routes routes
COPY drizzle drizzle
RUN npm run build && node scripts/image.mjs /image

FROM node:26-slim
ARG VERSION="0.1.0"
# The commit: docker build --build-arg REVISION="$(git rev-parse HEAD)"
ARG REVISION="unknown"
LABEL org.opencontainers.image.title="Latchkey" \
  org.opencontainers.image.description="Authentication and authorization microservice" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
# Bounds the young generation of the heap, and what glibc keeps for each thread (docs/performance.md).
ENV NODE_OPTIONS=--max-semi-space-size=4 MALLOC_ARENA_MAX=2
WORKDIR /app
# With sbom.json, a CycloneDX list of the npm packages in the bundle and beside it.
COPY --from=build /image ./
RUN ln -s /app/dist/bundle/src/cli/main.js /usr/local/bin/latchkey
USER node
EXPOSE 3000
# Whether the process responds, not whether the database does: restarting the service would not repair a database. Fly.io and Kubernetes
# ignore this, and have probes of their own.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# No shell or npm in between, so that the process itself receives SIGTERM.
CMD ["node", "dist/bundle/src/cli/main.js", "serve"]
