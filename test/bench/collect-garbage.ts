import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");

/** Collects garbage of this process now. */
export function collectGarbage(): void {
  if (typeof gc === "function") gc();
}
