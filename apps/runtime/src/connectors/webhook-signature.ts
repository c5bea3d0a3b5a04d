import { createHmac } from "node:crypto";

/**
 * Value of the `Millrace-Signature` header: `t=<ms>,v1=<hex>`, where the hex is the HMAC-SHA256 of
 * `<ms>.<body>` under the secret. The receiver computes the same and refuses old times.
 */
export function webhookSignature(secret: string, atMs: number, body: Uint8Array): string {
  const mac = createHmac("sha256", secret).update(`${atMs}.`).update(body).digest("hex");
  return `t=${atMs},v1=${mac}`;
}
