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

/** Encrypted connections with a user, against a broker that insists on both. */
export function describeKafkaSecurity(kafka: SharedKafka): void {
  const driverOf = (login: string, options: string): KafkaDriver => {
    const { secured } = kafka.server;
    const url = `kafka://${login}@127.0.0.1:${secured?.port ?? 0}?${options}`;
    const host = createRecordingHost("/", { secret: (name) => (name === "cluster" ? url : (secured?.certificate ?? null)) });
    return createKafkajsDriver(readKafkaConnection(host, "cluster"), host.egress);
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
      const topic = kafka.fresh();
      await driver.ensureTopic(topic, { partitions: 1, compacted: false });
      const writer = await driver.openWriter({ transactionalId: kafka.fresh(), compression: "none" });
      await writer.sendInTransaction([{ topic, partition: null, key: null, value: Buffer.from("x"), headers: {} }]);
      const reader = await driver.openReader({ readCommitted: true });
      reader.assign([{ topic, partition: 0, offset: 0 }]);
      let values: string[] = [];
      while (values.length === 0) values = (await reader.fetch(100)).flatMap(({ records }) => records.map(({ value }) => String(value)));
      expect(values).toEqual(["x"]);
      await Promise.all([reader.close(), writer.close()]);
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
  });
}
