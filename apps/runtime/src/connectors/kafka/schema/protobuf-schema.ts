import protobuf from "protobufjs";
import type { CompileSchema } from "./schema-values.ts";

/** A time becomes milliseconds, as everywhere in Millrace. */
protobuf.wrappers[".google.protobuf.Timestamp"] = {
  fromObject(this: protobuf.Type, object) {
    return this.fromObject(object);
  },
  toObject(message) {
    const { seconds, nanos } = this.toObject(message, { longs: Number, defaults: true });
    // The type knows objects alone; what is returned is taken as the member's value.
    return (seconds * 1000 + Math.floor(nanos / 1e6)) as unknown as Record<string, unknown>;
  },
};

/**
 * A reader of Protobuf messages whose value begins with the path of its message in the file, as Confluent's serializers
 * write it. Fields without presence have their defaults; enums are their names, 64-bit integers beyond 2^53 texts.
 */
export const compileProtobuf: CompileSchema = ({ text, references }) => {
  const parsing = { keepCase: true };
  const root = new protobuf.Root();
  for (const reference of references) protobuf.parse(reference.text, root, parsing);
  protobuf.parse(text, root, parsing);
  for (const [name, file] of Object.entries(wellKnown))
    if (text.includes(name) || references.some((one) => one.text.includes(name))) root.addJSON(file);
  root.resolveAll();
  const messages = messagesOf(protobuf.parse(text, new protobuf.Root(), parsing));
  const types = new Map<string, protobuf.Type>();
  return (value) => {
    const { path, bytes } = readPath(value);
    const name = nameAt(messages, path);
    const type = types.get(name) ?? root.lookupType(name);
    types.set(name, type);
    return plainNumbers(type.toObject(type.decode(bytes), { enums: String, defaults: true }));
  };
};

const wellKnown: Readonly<Record<string, Record<string, protobuf.AnyNestedObject>>> = Object.fromEntries(
  ["any", "duration", "empty", "struct", "timestamp", "wrappers", "field_mask"].map((name) => {
    const path = `google/protobuf/${name}.proto`;
    return [path, (protobuf.common.get(path)?.nested ?? {}) as Record<string, protobuf.AnyNestedObject>];
  }),
);

/** Messages that the file itself declares, in its order. */
function messagesOf(file: protobuf.IParserResult): readonly protobuf.Type[] {
  const scope = file.package === undefined ? file.root : file.root.lookup(file.package);
  return scope instanceof protobuf.Namespace ? nestedMessages(scope) : [];
}

function nestedMessages(scope: protobuf.NamespaceBase): readonly protobuf.Type[] {
  return scope.nestedArray.filter((entry) => entry instanceof protobuf.Type);
}

function nameAt(messages: readonly protobuf.Type[], path: readonly number[]): string {
  let at: readonly protobuf.Type[] = messages;
  let name = "";
  for (const index of path) {
    const found = at[index];
    if (found === undefined) throw new Error(`the schema has no message at ${path.join("/")}`);
    name = found.fullName;
    at = nestedMessages(found);
  }
  return name;
}

/** A count and as many indexes, all as zigzag varints; a single 0 stands for the first message. */
function readPath(value: Uint8Array): { readonly path: readonly number[]; readonly bytes: Uint8Array } {
  const reader = protobuf.Reader.create(value);
  const count = reader.sint32();
  if (count < 0 || count > 100) throw new Error("the path of its message cannot be read");
  const path = count === 0 ? [0] : Array.from({ length: count }, () => reader.sint32());
  return { path, bytes: value.subarray(reader.pos) };
}

/** 64-bit integers as numbers where these hold them. */
function plainNumbers(value: unknown): unknown {
  if (isLong(value)) {
    const number = value.toNumber();
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Array.isArray(value)) return value.map(plainNumbers);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainNumbers(member)]));
}

/** As protobufjs has 64-bit integers; a message of these names would have no such method. */
function isLong(value: unknown): value is { toNumber(): number; toString(): string } {
  return typeof value === "object" && value !== null && "low" in value && "toNumber" in value && typeof value.toNumber === "function";
}
