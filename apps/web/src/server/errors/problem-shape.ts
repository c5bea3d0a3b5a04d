import type { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { ZodError } from "zod";
import { Problem, type ProblemShape } from "./problem.ts";

const internal = "Something went wrong on the server. Its log has the details.";

/** Puts any error of a procedure into the one form that clients know. */
export function problemShape(error: TRPCError, path: string | undefined): ProblemShape {
  const frame = { path: path ?? null, httpStatus: getHTTPStatusCodeFromError(error), diagnostics: [], details: {} };
  if (error instanceof Problem) {
    const { code, message, fix = null, diagnostics = [], details = {} } = error.problem;
    return { ...frame, code, message, fix, diagnostics, details };
  }
  if (error.cause instanceof ZodError) return { ...frame, code: "INPUT_INVALID", message: inputMessage(error.cause), fix: null };
  if (error.code === "INTERNAL_SERVER_ERROR") return { ...frame, code: "INTERNAL", message: internal, fix: null };
  return { ...frame, code: error.code, message: error.message, fix: null };
}

function inputMessage(error: ZodError): string {
  const parts = error.issues.slice(0, 3).map((issue) => {
    const place = issue.path.map(String).join(".");
    return place === "" ? issue.message : `${place}: ${issue.message}`;
  });
  return `The request does not fit: ${parts.join("; ")}.`;
}
