# The service in a container: `docker build --target node -t todo-api .`, or `workers`, `deno`, `bun`, `lambda`; it needs
# DATABASE_URL, everything else has a default. See README.md, "Deploy". compose.yaml builds all of them.

FROM node:26.10.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Without the development tools, and without the programs that npm start runs.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM packages AS service
COPY src src
COPY observability/telemetry observability/telemetry
COPY observability/plumbing observability/plumbing
COPY runtimes runtimes

# What Cloudflare and AWS would be given, and beside each the few packages that what serves it here needs.
FROM node:26.10.0-slim AS bundles
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json wrangler.toml ./
COPY src src
COPY observability/telemetry observability/telemetry
COPY observability/plumbing observability/plumbing
COPY runtimes runtimes
RUN node runtimes/lambda/build-lambda.ts
RUN node runtimes/workers/build-worker.ts
# workerd does not start where there are no certificates, and a slim image has none but those in Node itself.
RUN node --print "require('node:tls').rootCertificates.join('\n')" > dist/worker/certificates.pem
RUN mkdir -p serve-workers/@cloudflare serve-lambda \
  && cp -R node_modules/workerd node_modules/smol-toml node_modules/valibot node_modules/pg node_modules/pg-connection-string node_modules/pg-int8 node_modules/pg-pool \
    node_modules/pg-protocol node_modules/pg-types node_modules/pgpass node_modules/postgres-array node_modules/postgres-bytea \
    node_modules/postgres-date node_modules/postgres-interval node_modules/split2 node_modules/xtend serve-workers/ \
  && cp -R node_modules/@cloudflare/workerd-* serve-workers/@cloudflare/ \
  && cp -R node_modules/aws-lambda-ric node_modules/yaml node_modules/valibot node_modules/pg node_modules/pg-connection-string node_modules/pg-int8 node_modules/pg-pool \
    node_modules/pg-protocol node_modules/pg-types node_modules/pgpass node_modules/postgres-array node_modules/postgres-bytea \
    node_modules/postgres-date node_modules/postgres-interval node_modules/split2 node_modules/xtend serve-lambda/

FROM node:26.10.0-slim AS node
WORKDIR /app
COPY --from=service /app ./
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8001
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "runtimes/containers/check-health.ts"]
CMD ["node", "runtimes/node/main.ts"]

FROM node:26.10.0-slim AS workers
WORKDIR /app
COPY package.json wrangler.toml ./
COPY observability/telemetry observability/telemetry
COPY observability/plumbing observability/plumbing
COPY runtimes runtimes
COPY --from=bundles /app/dist/worker/main.js /app/dist/worker/certificates.pem dist/worker/
COPY --from=bundles /app/dist/docs dist/docs
COPY --from=bundles /app/serve-workers node_modules
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8002 SSL_CERT_FILE=/app/dist/worker/certificates.pem
EXPOSE 8002
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "runtimes/containers/check-health.ts"]
CMD ["node", "runtimes/workers/serve-workers.ts"]

FROM denoland/deno:2.9.5 AS deno
WORKDIR /app
COPY --from=service /app ./
USER deno
ENV HOST=0.0.0.0 PORT=8003
EXPOSE 8003
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["deno", "run", "--no-prompt", "--cached-only", "--allow-net", "--allow-env", "runtimes/containers/check-health.ts"]
CMD ["deno", "run", "--no-prompt", "--cached-only", "--allow-net", "--allow-env", "--allow-read", "--allow-sys=ca", "runtimes/deno/main.ts"]

FROM oven/bun:1.4.5-slim AS bun
WORKDIR /app
COPY --from=service /app ./
USER bun
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8004
EXPOSE 8004
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["bun", "runtimes/containers/check-health.ts"]
CMD ["bun", "runtimes/bun/main.ts"]

FROM node:24.21.0-slim AS lambda
WORKDIR /app
COPY package.json ./
COPY observability/telemetry observability/telemetry
COPY observability/plumbing observability/plumbing
COPY runtimes runtimes
COPY --from=bundles /app/dist/lambda dist/lambda
COPY --from=bundles /app/serve-lambda node_modules
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8005
EXPOSE 8005
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "runtimes/containers/check-health.ts"]
CMD ["node", "runtimes/lambda/host/serve.ts"]

# Not a service: it asks the others, so that there is something to look at.
FROM node:26.10.0-slim AS load
WORKDIR /app
COPY --from=service /app ./
COPY observability/otlp observability/otlp
COPY observability/comparison observability/comparison
COPY observability/driver observability/driver
COPY observability/plumbing observability/plumbing
USER node
ENV NODE_ENV=production
CMD ["node", "runtimes/load/load.ts"]
