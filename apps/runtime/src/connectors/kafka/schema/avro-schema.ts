import avro, { type Schema } from "avsc";
import type { CompileSchema } from "./schema-values.ts";

/**
 * A reader of Avro's binary encoding. Logical types become what columns hold: times in microseconds milliseconds, dates
 * ISO 8601, decimals their digits as text. Values of a union stand without the name of their branch where it is clear.
 */
export const compileAvro: CompileSchema = ({ text, references }) => {
  const registry: Record<string, avro.Type> = Object.create(null);
  const options = { registry, logicalTypes };
  for (const reference of references) avro.Type.forSchema(JSON.parse(reference.text) as Schema, options);
  const type = avro.Type.forSchema(JSON.parse(text) as Schema, options);
  return (value) => type.fromBuffer(Buffer.from(value.buffer, value.byteOffset, value.length));
};

class MicrosecondsType extends avro.types.LogicalType {
  override _fromValue(value: number): number {
    return Math.floor(value / 1000);
  }
}

class DateType extends avro.types.LogicalType {
  override _fromValue(days: number): string {
    return new Date(days * 86_400_000).toISOString().slice(0, 10);
  }
}

class DecimalType extends avro.types.LogicalType {
  readonly #scale: number;

  constructor(schema: Schema, options?: unknown) {
    super(schema, options);
    const scale = typeof schema === "object" && "scale" in schema ? schema.scale : 0;
    this.#scale = typeof scale === "number" && Number.isInteger(scale) && scale >= 0 && scale <= 1000 ? scale : 0;
  }

  /** Big-endian two's complement. */
  override _fromValue(bytes: Buffer): string {
    const unsigned = bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString("hex")}`);
    const value = BigInt.asIntN(bytes.length * 8, unsigned);
    const digits = (value < 0n ? -value : value).toString().padStart(this.#scale + 1, "0");
    const point = digits.length - this.#scale;
    return `${value < 0n ? "-" : ""}${digits.slice(0, point)}${this.#scale === 0 ? "" : `.${digits.slice(point)}`}`;
  }
}

const logicalTypes = {
  "timestamp-micros": MicrosecondsType,
  "local-timestamp-micros": MicrosecondsType,
  date: DateType,
  decimal: DecimalType,
};
