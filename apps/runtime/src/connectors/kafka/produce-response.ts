import { WireReader } from "./wire-reader.ts";

/** Error codes of the partitions in the answer to a Produce request of the versions 3 to 7; 0 is none. Source: the guide to Kafka's protocol. */
export function readProduceErrors(bytes: Buffer, version: number): readonly number[] {
  if (version < 3 || version > 7) throw new Error(`the broker is written to in version ${version} of the protocol; 3 to 7 are known`);
  const reader = new WireReader(bytes);
  const topics = reader.list(() => {
    reader.text();
    return reader.list(() => {
      reader.int32();
      const errorCode = reader.int16();
      reader.int64();
      reader.int64();
      if (version >= 5) reader.int64();
      return errorCode;
    });
  });
  return topics.flat();
}
