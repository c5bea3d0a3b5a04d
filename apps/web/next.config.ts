import { join } from "node:path";
import type { NextConfig } from "next";

const root = join(import.meta.dirname, "../..");

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  outputFileTracingRoot: root,
  turbopack: { root },
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "bullmq", "ioredis", "pino"],
  transpilePackages: ["@millrace/engine", "@millrace/nodes", "@millrace/protocol", "@millrace/db", "geist"],
};

export default config;
