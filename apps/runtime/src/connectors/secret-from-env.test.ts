import { expect, test } from "vitest";
import { secretFromEnv, secretNamesFromEnv } from "./secret-from-env.ts";

const env = {
  MILLRACE_SECRET_MY_CLUSTER: "kafka://127.0.0.1:9092",
  MILLRACE_SECRET_CLUSTER: "kafka://user:password@broker:9092?tls=true",
  MILLRACE_SECRET_APP: "rediss://app:6379",
  MILLRACE_SECRET_TOKEN: "kafka",
  MILLRACE_SECRET_EMPTY: "",
  OTHER: "kafka://127.0.0.1:9092",
};

test("names of connections are told by the schemes of their addresses, and each finds its address again", () => {
  const names = secretNamesFromEnv(env)(["kafka"]);
  expect(names).toEqual(["cluster", "my-cluster"]);
  expect(names.map(secretFromEnv(env))).toEqual([env.MILLRACE_SECRET_CLUSTER, env.MILLRACE_SECRET_MY_CLUSTER]);
  expect(secretNamesFromEnv(env)(["redis", "rediss"])).toEqual(["app"]);
});
