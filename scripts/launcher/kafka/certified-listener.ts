import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "../find-program.ts";
import { LauncherError } from "../launcher-error.ts";
import { runOnce } from "../run-once.ts";

/** An encrypted listener that knows its clients by their certificate alone. */
export interface CertifiedListener {
  readonly port: number;
  /** PEM of the one certificate that it lets in, and of its key. */
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Makes a client's certificate in `folder`, and a listener on the loopback address that demands it and shows the broker's
 * own from `keystore`. Null where there is no openssl: Java's own tool gives no key away. Rejects with a `LauncherError`.
 */
export async function makeCertifiedListener(
  folder: string,
  port: number,
  keystore: { readonly path: string; readonly password: string },
): Promise<CertifiedListener | null> {
  const openssl = findProgram("openssl");
  if (openssl === null) return null;
  const [certificate, key] = [join(folder, "client.pem"), join(folder, "client-key.pem")];
  const made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=client", "-keyout", key, "-out", certificate];
  const { code, output } = await runOnce(openssl, ["req", ...made]);
  if (code !== 0) throw new LauncherError(`openssl failed (${code}): ${output.trim()}`, "See what it says.");
  const own = (name: string): string => `listener.name.certified.${name}`;
  return {
    port,
    clientCertificate: await readFile(certificate, "utf8"),
    clientKey: await readFile(key, "utf8"),
    properties: {
      [own("ssl.client.auth")]: "required",
      [own("ssl.truststore.type")]: "PEM",
      [own("ssl.truststore.location")]: certificate,
      [own("ssl.keystore.location")]: keystore.path,
      [own("ssl.keystore.type")]: "PKCS12",
      [own("ssl.keystore.password")]: keystore.password,
      [own("ssl.key.password")]: keystore.password,
    },
  };
}
