import type { Words } from "../diagnostic.ts";
import { quote } from "../import-reasons.ts";
import { some } from "../param-words.ts";

/** Words about reading a document. See `messages`. */
export const documentMessages = {
  IMPORT_INVALID: (a: { readonly reason: string }): Words => ({
    message: `This cannot be opened as a Millrace pipeline: ${a.reason}.`,
  }),
  TOO_LARGE: (a: { readonly what: string; readonly actualBytes: number; readonly limitBytes: number }): Words => ({
    message: `${a.what} is ${a.actualBytes} bytes long; the limit is ${a.limitBytes} bytes.`,
  }),
  TOO_DEEP: (a: { readonly what: string; readonly limit: number }): Words => ({
    message: `${a.what} is nested more than ${a.limit} levels deep.`,
  }),
  FORMAT_TOO_NEW: (a: { readonly found: number; readonly supported: number }): Words => ({
    message: `This pipeline has format version ${a.found}; this version of Millrace reads format versions up to ${a.supported}.`,
    fix: "Update Millrace, or export the pipeline again from the older version.",
  }),
  NODE_TYPE_UNKNOWN: (a: { readonly type: string }): Words => ({
    message: `There is no kind of node called ${quote(a.type)} here; the node stays as a disabled placeholder.`,
    fix: "Update Millrace to a version that has it, or replace the node.",
  }),
  NODE_VERSION_NEWER: (a: { readonly type: string; readonly found: number; readonly supported: number }): Words => ({
    message: `The node was saved by version ${a.found} of ${quote(a.type)}; here is version ${a.supported}. It stays as a disabled placeholder.`,
    fix: "Update Millrace, or replace the node.",
  }),
  NODE_MIGRATION_FAILED: (a: { readonly type: string; readonly from: number; readonly to: number }): Words => ({
    message: `The parameters of the node cannot be brought from version ${a.from} of ${quote(a.type)} to version ${a.to}; it stays as a disabled placeholder.`,
    fix: "Replace the node.",
  }),
  SECRET_STRIPPED: (a: { readonly param: string }): Words => ({
    message: `A value that looks like a secret was left out of parameter ${quote(a.param)}.`,
    fix: "Store the secret under a name and put the name into the node.",
  }),
  LAYOUT_REPAIRED: (a: { readonly what: readonly string[] }): Words => ({
    message: `Parts of the layout made no sense and were repaired or left out: ${some(a.what)}.`,
  }),
} satisfies Record<string, (args: never) => Words>;
