import { join } from "node:path";
import type { NextConfig } from "next";
import { plainHeaders } from "./src/server/http/security-headers.ts";

const root = join(import.meta.dirname, "../..");

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  outputFileTracingRoot: root,
  turbopack: { root },
  serverExternalPackages: ["pg", "@prisma/client", "@prisma/adapter-pg", "bullmq", "ioredis", "pino"],
  transpilePackages: ["@millrace/engine", "@millrace/nodes", "@millrace/protocol", "@millrace/db", "geist"],
  headers: async () => [{ source: "/(.*)", headers: Object.entries(plainHeaders).map(([key, value]) => ({ key, value })) }],
};

export default config;
