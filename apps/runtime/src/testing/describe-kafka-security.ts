import { describe, expect, test } from "vitest";
import { readKafkaConnection } from "../connectors/kafka/kafka-connection.ts";
import type { KafkaDriver } from "../connectors/kafka/kafka-driver.ts";
import { createKafkajsDriver } from "../connectors/kafka/kafkajs-driver.ts";
import { createRecordingHost } from "./connector-host.ts";
import type { SharedKafka } from "./shared-kafka.ts";

/** An unsigned token of a user, as Kafka takes it for development. */
function unsignedToken(sub: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: "none" })}.${part({ sub, iat: now, exp: now + 600 })}.`;
}

function driverTo(secrets: Readonly<Record<string, string>>): KafkaDriver {
  const host = createRecordingHost("/", { secret: (name) => secrets[name] ?? null });
  return createKafkajsDriver(readKafkaConnection(host, "cluster"), host.egress);
}

/** Writes a record in a transaction and reads it again. */
async function expectRoundTrip(driver: KafkaDriver, fresh: () => string): Promise<void> {
  const topic = fresh();
  await driver.ensureTopic(topic, { partitions: 1, compacted: false });
  const writer = await driver.openWriter({ transactionalId: fresh(), compression: "none" });
  await writer.sendInTransaction([{ topic, partition: null, key: null, value: Buffer.from("x"), headers: {} }]);
  const reader = await driver.openReader({ readCommitted: true });
  reader.assign([{ topic, partition: 0, offset: 0 }]);
  let values: string[] = [];
  while (values.length === 0) values = (await reader.fetch(100)).flatMap(({ records }) => records.map(({ value }) => String(value)));
  expect(values).toEqual(["x"]);
  await Promise.all([reader.close(), writer.close()]);
}

/** Encrypted connections with a user, or with a certificate of the client, against a broker that insists on both. */
export function describeKafkaSecurity(kafka: SharedKafka): void {
  const driverOf = (login: string, options: string): KafkaDriver => {
    const { secured } = kafka.server;
    const url = `kafka://${login}@127.0.0.1:${secured?.port ?? 0}?${options}`;
    return driverTo({ cluster: url, "broker-ca": secured?.certificate ?? "" });
  };
  const trusted = "tls=true&ca=broker-ca&sasl=";

  describe.runIf((process.env.KAFKA_BROKERS ?? "") === "")("over TLS", () => {
    test.each([
      ["plain", () => "alice:open-sesame"],
      ["scram-sha-256", () => "alice:open-sesame"],
      ["scram-sha-512", () => "alice:open-sesame"],
      ["oauthbearer", () => `alice:${unsignedToken("alice")}`],
    ])("%s: records are written and read", async (mechanism, login) => {
      const driver = driverOf(login(), `${trusted}${mechanism}`);
      await expectRoundTrip(driver, kafka.fresh);
      await driver.close();
    });

    test.each([
      ["a wrong password", "alice:hidden", `${trusted}scram-sha-256`, { code: "KAFKA_REFUSED", retryable: false }],
      ["a wrong password in plain", "alice:hidden", `${trusted}plain`, { code: "KAFKA_REFUSED", retryable: false }],
      [
        "a certificate that nobody vouches for",
        "alice:open-sesame",
        "tls=true&sasl=plain",
        { code: "KAFKA_UNAVAILABLE", message: expect.stringMatching(/SELF_SIGNED_CERT.*ca=/) },
      ],
    ])("%s is told", { timeout: 30_000 }, async (_what, login, options, expected) => {
      const driver = driverOf(login, options);
      const failure: unknown = await driver.listTopics().catch((cause: unknown) => cause);
      expect(failure).toMatchObject(expected);
      expect(String(failure)).not.toContain("hidden");
      await driver.close();
    });

    /** A connection to the listener that demands a certificate; null where there is none. */
    const certifiedDriver = (options: string): KafkaDriver | null => {
      const { secured, certified } = kafka.server;
      if (secured === null || certified === null) return null;
      const pem = { "broker-ca": secured.certificate, "client-cert": certified.clientCertificate, "client-key": certified.clientKey };
      return driverTo({ ...pem, cluster: `kafka://127.0.0.1:${certified.port}?tls=true&ca=broker-ca${options}` });
    };

    test("with a client's certificate, which the broker demands, records are written and read", async (context) => {
      const driver = certifiedDriver("&cert=client-cert&key=client-key");
      if (driver === null) return context.skip("no openssl to make a client's certificate with");
      await expectRoundTrip(driver, kafka.fresh);
      await driver.close();
    });

    test("without the certificate that the broker demands nothing is read", { timeout: 30_000 }, async (context) => {
      const driver = certifiedDriver("");
      if (driver === null) return context.skip("no openssl to make a client's certificate with");
      await expect(driver.listTopics()).rejects.toMatchObject({ code: "KAFKA_UNAVAILABLE", retryable: true });
      await driver.close();
    });
  });
}
