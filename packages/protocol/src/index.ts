export * from "./deployment.ts";
export * from "./metrics-frame.ts";
export * from "./redis-keys.ts";
export * from "./runtime-request.ts";
