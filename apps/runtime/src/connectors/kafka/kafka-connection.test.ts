import { describe, expect, test } from "vitest";
import { createRecordingHost } from "../../testing/connector-host.ts";
import { type KafkaConnection, readKafkaConnection } from "./kafka-connection.ts";

const read = (text: string | null): KafkaConnection => readKafkaConnection(createRecordingHost("/", { secret: () => text }), "cluster");

describe("a connection", () => {
  test.each([
    ["kafka://localhost:9092", { brokers: ["localhost:9092"], tls: false, sasl: null }],
    ["kafka://a:9092,[::1]:9093/?tls=true", { brokers: ["a:9092", "[::1]:9093"], tls: true, sasl: null }],
    ["kafka://me:p%40ss@a:1", { brokers: ["a:1"], tls: false, sasl: { mechanism: "plain", username: "me", password: "p@ss" } }],
    [
      "kafka://me:secret@a:1?sasl=scram-sha-512&tls=true",
      { brokers: ["a:1"], tls: true, sasl: { mechanism: "scram-sha-512", username: "me", password: "secret" } },
    ],
    // The preset for Event Hubs: the user is that very word, and the password is the connection string.
    [
      `kafka://$ConnectionString:${encodeURIComponent("Endpoint=sb://n.servicebus.windows.net/;SharedAccessKey=a/b+c=")}@n.servicebus.windows.net:9093?tls=true&sasl=plain`,
      {
        brokers: ["n.servicebus.windows.net:9093"],
        tls: true,
        sasl: {
          mechanism: "plain",
          username: "$ConnectionString",
          password: "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKey=a/b+c=",
        },
      },
    ],
  ])("%s", (text, connection) => {
    expect(read(text)).toEqual(connection);
  });

  test("certificates are secrets of their own", () => {
    const pems = new Map([
      ["cluster", "kafka://a:1?tls=true&ca=broker-ca&cert=mine&key=mine-key"],
      ["broker-ca", "CA"],
      ["mine", "CERT"],
    ]);
    const host = createRecordingHost("/", { secret: (name) => pems.get(name) ?? null });
    expect(() => readKafkaConnection(host, "cluster")).toThrow(
      /key names the secret "mine-key", which is not known: set MILLRACE_SECRET_MINE_KEY/,
    );
    pems.set("mine-key", "KEY");
    expect(readKafkaConnection(host, "cluster").tls).toEqual({ ca: "CA", cert: "CERT", key: "KEY" });
  });

  test("with oauthbearer the password is the token", async () => {
    const { sasl } = read("kafka://me:the-token@a:1?sasl=oauthbearer");
    expect(sasl?.mechanism === "oauthbearer" && (await sasl.oauthBearerProvider())).toEqual({ value: "the-token" });
  });

  test.each([
    ["none", null, "CONNECTION_MISSING", /MILLRACE_SECRET_CLUSTER/],
    ["another scheme", "http://hidden:1", "CONNECTION_INVALID", /kafka:\/\//],
    ["no port", "kafka://hidden", "CONNECTION_INVALID", /broker 1 is no host with a port/],
    ["a port that is none", "kafka://a:1,hidden:99999", "CONNECTION_INVALID", /broker 2 is no host with a port/],
    ["an unknown option", "kafka://hidden:1?clientId=x", "CONNECTION_INVALID", /no option "clientId"/],
    ["a tls that is neither", "kafka://hidden:1?tls=maybe", "CONNECTION_INVALID", /tls is true or false/],
    ["a certificate without encryption", "kafka://hidden:1?ca=broker-ca", "CONNECTION_INVALID", /ca needs tls=true/],
    ["a certificate without its key", "kafka://hidden:1?tls=true&cert=mine", "CONNECTION_INVALID", /cert and key belong together/],
    ["an unknown mechanism", "kafka://u:p@hidden:1?sasl=gssapi", "CONNECTION_INVALID", /plain, scram-sha-256/],
    ["a mechanism without a user", "kafka://hidden:1?sasl=plain", "CONNECTION_INVALID", /needs a user/],
    [
      "K12: a thousand brokers",
      `kafka://${Array.from({ length: 1000 }, () => "hidden:1").join(",")}`,
      "CONNECTION_INVALID",
      /1000 brokers/,
    ],
    ["a password that is not encoded", "kafka://u:100%@hidden:1", "CONNECTION_INVALID", /percent/],
  ])("%s is refused without an echo", (_what, text, code, message) => {
    let failure: unknown;
    try {
      read(text);
    } catch (cause) {
      failure = cause;
    }
    expect(failure).toMatchObject({ code, retryable: false, message: expect.stringMatching(message) });
    expect(String(failure)).not.toContain("hidden");
  });
});
