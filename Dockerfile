# The service in a container: `docker build --target node -t todo-api .`, or `deno`, or `bun`.
# It needs DATABASE_URL; everything else has a default. See README.md, "Deploy".

FROM node:24.21.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Without the development tools, and without the programs that npm start runs.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM packages AS service
COPY src src
COPY observability/telemetry observability/telemetry
COPY runtimes runtimes

FROM node:24.21.0-slim AS node
WORKDIR /app
COPY --from=service /app ./
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8001
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "runtimes/node/main.ts"]

FROM denoland/deno:2.9.5 AS deno
WORKDIR /app
COPY --from=service /app ./
USER deno
ENV HOST=0.0.0.0 PORT=8003
EXPOSE 8003
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["deno", "eval", "const r=await fetch('http://127.0.0.1:'+Deno.env.get('PORT')+'/health');Deno.exit(r.ok?0:1)"]
CMD ["deno", "run", "--no-prompt", "--cached-only", "--allow-net", "--allow-env", "--allow-read", "runtimes/deno/main.ts"]

FROM oven/bun:1.4.5-slim AS bun
WORKDIR /app
COPY --from=service /app ./
USER bun
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8004
EXPOSE 8004
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["bun", "-e", "const r=await fetch('http://127.0.0.1:'+process.env.PORT+'/health');process.exit(r.ok?0:1)"]
CMD ["bun", "runtimes/bun/main.ts"]
