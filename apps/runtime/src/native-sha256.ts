import { hash } from "node:crypto";

/** Lower-case hex SHA-256, computed natively. */
export function nativeSha256(bytes: Uint8Array): string {
  return hash("sha256", bytes);
}
