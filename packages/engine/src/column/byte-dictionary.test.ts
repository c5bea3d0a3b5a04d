import { expect, test } from "vitest";
import { ByteDictionary } from "./byte-dictionary.ts";
import { wordSlack } from "./copy-words.ts";
import { hashOf } from "./utf8-hash.ts";

const encoder = new TextEncoder();

function idOf(strings: ByteDictionary, text: string): number {
  const bytes = encoder.encode(text);
  const isAscii = bytes.length === text.length;
  if (isAscii) return strings.asciiId(bytes, viewWithSlack(bytes), 0, bytes.length);
  return strings.idOf(bytes, 0, bytes.length, hashOf(bytes), false);
}

function viewWithSlack(bytes: Uint8Array): DataView {
  const padded = new Uint8Array(bytes.length + wordSlack);
  padded.set(bytes);
  return new DataView(padded.buffer);
}

/** The ids of some texts in batches of 500, each with the dictionary that it is in. */
function batches(strings: ByteDictionary, texts: readonly string[], use = (_strings: ByteDictionary) => {}) {
  const found = [];
  for (let from = 0; from < texts.length; from += 500) {
    strings.renewWhenFull();
    const part = texts.slice(from, from + 500);
    const ids = part.map((text) => idOf(strings, text));
    use(strings);
    found.push({ dictionary: strings.dictionary, ids, part });
  }
  return found;
}

const unique = Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? `é${i}` : `value ${i}`));

test("whatever the kind of dictionary, an id gives the text that it was made of, also later", () => {
  for (const texts of [unique, unique.map((text) => text.slice(-2))]) {
    for (const { dictionary, ids, part } of batches(new ByteDictionary(), texts)) {
      expect(ids.map((id) => dictionary.text(id))).toEqual(part);
      expect(dictionary.find(part[3])).toBe(dictionary.distinct ? ids[3] : ids.find((id) => dictionary.text(id) === part[3]));
      expect(dictionary.find("nowhere")).toBe(-1);
    }
  }
});

test("values that hardly repeat are not looked for, as long as nobody goes by ids", () => {
  const strings = new ByteDictionary();
  batches(strings, unique);
  expect(strings.dictionary.distinct).toBe(false);
  expect(strings.dictionary.size).toBeLessThanOrEqual(8192);
  const [first, second] = [idOf(strings, "same"), idOf(strings, "same")];
  expect(first).not.toBe(second);
  strings.dictionary.idsMatter = true;
  strings.renewWhenFull();
  expect(strings.dictionary.distinct).toBe(true);
  batches(strings, unique);
  expect(strings.dictionary.distinct).toBe(true);
  expect(idOf(strings, "same")).toBe(idOf(strings, "same"));
});

test("values that repeat, and those whose ids are used, are found again", () => {
  const repeating = new ByteDictionary();
  batches(
    repeating,
    unique.map((_text, i) => `value ${i % 900}`),
  );
  expect(repeating.dictionary.distinct).toBe(true);
  const used = new ByteDictionary();
  batches(used, unique, ({ dictionary }) => {
    dictionary.idsMatter = true;
  });
  expect(used.dictionary.distinct).toBe(true);
});

test("bytes that are no UTF-8 have no id", () => {
  const strings = new ByteDictionary();
  const bytes = Uint8Array.of(0xc3, 0x28);
  expect(strings.idOf(bytes, 0, 2, hashOf(bytes), false)).toBe(-1);
  batches(strings, unique);
  expect(strings.dictionary.distinct).toBe(false);
  expect(strings.idOf(bytes, 0, 2, hashOf(bytes), false)).toBe(-1);
});
