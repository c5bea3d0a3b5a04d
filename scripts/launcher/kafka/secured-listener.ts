import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { findProgram } from "../find-program.ts";
import { LauncherError } from "../launcher-error.ts";
import { runOnce } from "../run-once.ts";

/** A listener that is encrypted and knows one user, over SASL of every kind that Kafka itself brings. */
export interface SecuredListener {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PEM of the certificate that clients have to trust. */
  readonly certificate: string;
  /** Where the broker has it, with its key. */
  readonly keystore: { readonly path: string; readonly password: string };
  readonly properties: Readonly<Record<string, string>>;
  /** For formatting the broker's storage, which holds the user. */
  readonly formatArguments: readonly string[];
}

const modules = "org.apache.kafka.common.security";

/**
 * Makes the certificate for a listener on the loopback address, in `folder`. Tokens of `oauthbearer` are taken unsigned,
 * as Kafka does for development. Rejects with a `LauncherError`.
 */
export async function makeSecuredListener(folder: string, port: number, user: string, password: string): Promise<SecuredListener> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keystore = join(folder, "broker.p12");
  const store = ["-keystore", keystore, "-storetype", "PKCS12", "-storepass", password, "-alias", "broker"];
  await keytool([
    "-genkeypair",
    ...store,
    "-keyalg",
    "RSA",
    "-keysize",
    "2048",
    "-validity",
    "2",
    "-dname",
    "CN=localhost",
    "-ext",
    "SAN=dns:localhost,ip:127.0.0.1",
  ]);
  const certificate = join(folder, "broker.pem");
  await keytool(["-exportcert", ...store, "-rfc", "-file", certificate]);
  const own = (name: string): string => `listener.name.secured.${name}`;
  const scram = `${modules}.scram.ScramLoginModule required;`;
  return {
    port,
    user,
    password,
    certificate: await readFile(certificate, "utf8"),
    keystore: { path: keystore, password },
    properties: {
      [own("sasl.enabled.mechanisms")]: "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
      [own("plain.sasl.jaas.config")]: `${modules}.plain.PlainLoginModule required user_${user}="${password}";`,
      [own("scram-sha-256.sasl.jaas.config")]: scram,
      [own("scram-sha-512.sasl.jaas.config")]: scram,
      [own("oauthbearer.sasl.jaas.config")]:
        `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="${user}";`,
      [own("ssl.keystore.location")]: keystore,
      [own("ssl.keystore.type")]: "PKCS12",
      [own("ssl.keystore.password")]: password,
      [own("ssl.key.password")]: password,
    },
    formatArguments: ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
      "--add-scram",
      `${mechanism}=[name=${user},password=${password}]`,
    ]),
  };
}

async function keytool(args: readonly string[]): Promise<void> {
  const command = findProgram("keytool");
  if (command === null) throw new LauncherError("There is no keytool on the PATH.", "It comes with Java.");
  const { code, output } = await runOnce(command, args);
  if (code !== 0) throw new LauncherError(`keytool failed (${code}): ${output.trim()}`, "See what it says.");
}
