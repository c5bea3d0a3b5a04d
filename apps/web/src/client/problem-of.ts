import { TRPCClientError } from "@trpc/client";
import type { AppRouter } from "../server/app-router.ts";
import type { ProblemShape } from "../server/errors/problem.ts";

/** What went wrong with a request, in words for a person. */
export function problemOf(error: unknown): ProblemShape {
  if (error instanceof TRPCClientError) {
    const { data } = error as TRPCClientError<AppRouter>;
    if (data !== null && data !== undefined) return data;
    return { ...unreachable, path: null };
  }
  return { ...unreachable, code: "INTERNAL", message: "Something went wrong on this page.", fix: "Reload the page." };
}

/** True when the same request may well succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const { code } = problemOf(error);
  return code === "SERVER_UNREACHABLE" || code === "REDIS_UNREACHABLE" || code === "DATABASE_UNREACHABLE";
}

const unreachable: ProblemShape = {
  code: "SERVER_UNREACHABLE",
  message: "The Millrace server cannot be reached.",
  fix: "Check that it runs, then try again.",
  path: null,
  httpStatus: 0,
  diagnostics: [],
  details: {},
};
