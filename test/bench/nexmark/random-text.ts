/** Random integers and texts as Nexmark draws them, from a source of numbers in [0, 1). */
export interface RandomText {
  /** A whole number in [0, n). */
  below(n: number): number;
  /** Cents, from 100 to 100 million, their logarithm evenly spread. */
  price(): number;
  /** Letters a to z and, one in 13, `gap`; 3 to `max - 1` of them, without gaps of spaces at the ends. */
  string(max: number, gap?: string): string;
  /** Letters that fill what has `size` bytes up to about `average`; none when it has more. */
  extra(size: number, average: number): string;
  digits(count: number): string;
}

const longestText = 4096;

export function createRandomText(random: () => number): RandomText {
  const letters = Buffer.alloc(longestText);
  const below = (n: number): number => Math.floor(random() * n);
  const text = (length: number): string => letters.toString("latin1", 0, length);
  return {
    below,
    price: () => Math.round(10 ** (6 * random()) * 100),
    string(max, gap = " ") {
      const length = 3 + below(max - 3);
      for (let i = 0; i < length; i++) letters[i] = below(13) === 0 ? gap.charCodeAt(0) : 97 + below(26);
      return text(length).trim();
    },
    extra(size, average) {
      if (size > average) return "";
      const wanted = average - size;
      const delta = Math.round(wanted * 0.2);
      const length = wanted - delta + (delta === 0 ? 0 : below(2 * delta));
      for (let i = 0; i < length; i++) letters[i] = 97 + below(26);
      return text(length);
    },
    digits: (count) => String(below(10 ** count)).padStart(count, "0"),
  };
}
