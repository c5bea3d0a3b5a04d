import type { RandomSource } from "../../expression/testing/random-source.ts";

const names = ["id", "amount", "name", "ok", "at", "extra", "__proto__", "other", 'q"', "id2", ""];
const numbers = [
  "0",
  "-0",
  "1",
  "-12",
  "9007199254740991",
  "9007199254740993",
  "1.5",
  "-2.25e3",
  "1e400",
  "1E-7",
  "1700000000000",
  "0.1",
  "123456789012345678901234567890",
];
const badNumbers = ["01", "+1", "1.", ".5", "1e", "0x1", "NaN", "Infinity", "-"];
const strings = [
  '""',
  '"a"',
  '"abc"',
  '"a\\nb"',
  '"\\u00e9"',
  '"\\ud83d\\ude00"',
  '"\\ud800"',
  '"é🙂"',
  '"\\/"',
  '"\\\\"',
  '"\\""',
  '"2026-01-01T00:00:00Z"',
  '"2026-02-30"',
  '"toString"',
  '"\u2028"',
];
const others = [
  "null",
  "true",
  "false",
  "[]",
  "{}",
  '[1,"x",null,{"a":[]}]',
  '{"a":{"b":[1,2]},"__proto__":{"c":1}}',
  "[[[[1]]]]",
  '{"id":"inner","amount":"x"}',
];
const inserts = [
  '"',
  "\\",
  "0",
  "-",
  ".",
  "e",
  "{",
  "}",
  "]",
  "[",
  ",",
  ":",
  " ",
  "\t",
  "\r",
  "null",
  "tru",
  "\u0001",
  "1e5",
  "00",
  "🙂",
  "\\u",
  "\\x",
  "//",
  "\u00a0",
  "\ufeff",
  "\u0000",
];
const text = new TextEncoder();

/** Lines that are JSON objects, nearly JSON objects, or anything but; several of one shape in a row. */
export class JsonLineGenerator {
  readonly #random: RandomSource;
  #shape: readonly string[] = [];
  #left = 0;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  next(): Uint8Array {
    const random = this.#random;
    if (this.#left-- <= 0) {
      this.#left = random.below(12);
      this.#shape = Array.from({ length: random.below(8) }, () => random.pick(names));
    }
    const line = text.encode(this.#object());
    return random.chance(0.3) ? this.#mutilated(line) : line;
  }

  #object(): string {
    const random = this.#random;
    const space = random.chance(0.15) ? random.pick([" ", "\t", "  "]) : "";
    const members = this.#shape.map((name) => `${JSON.stringify(name)}${space}:${space}${this.#value(name)}`);
    if (random.chance(0.05)) members.push(`"deep":${"[".repeat(random.pick([10, 62, 63, 64, 80]))}`);
    const body = members.join(`,${space}`);
    const opened = members.length > this.#shape.length ? "]".repeat(body.length - body.replace(/\[+$/, "").length) : "";
    return `${space}{${body}${opened}}${space}`;
  }

  /** Mostly one that fits the field of that name. */
  #value(name: string): string {
    const random = this.#random;
    if (random.chance(0.03)) return random.pick(badNumbers);
    if (random.chance(0.25)) return random.pick(random.pick([numbers, strings, others]));
    if (name === "id" || name === "at") return String(random.below(2_000_000) - 1000);
    if (name === "amount") return random.pick(numbers.slice(0, 8));
    if (name === "ok") return random.pick(["true", "false", "null"]);
    return random.pick(strings);
  }

  #mutilated(line: Uint8Array): Uint8Array {
    const random = this.#random;
    let bytes = line;
    for (let edits = 1 + random.below(3); edits > 0; edits--) {
      const at = random.below(bytes.length + 1);
      const gone = random.chance(0.5) ? random.below(4) : 0;
      const added = random.chance(0.3)
        ? Uint8Array.of(byteWithoutLineFeed(random))
        : random.chance(0.6)
          ? text.encode(random.pick(inserts))
          : new Uint8Array(0);
      const next = new Uint8Array(at + added.length + Math.max(0, bytes.length - at - gone));
      next.set(bytes.subarray(0, at));
      next.set(added, at);
      next.set(bytes.subarray(Math.min(bytes.length, at + gone)), at + added.length);
      bytes = next;
    }
    return bytes;
  }
}

function byteWithoutLineFeed(random: RandomSource): number {
  const byte = random.below(256);
  return byte === 0x0a ? 0x0b : byte;
}
