import type { RandomText } from "./random-text.ts";

const hotChannels = ["Google", "Facebook", "Baidu", "Apple"];
const otherChannels = 10_000;

interface Channel {
  readonly channel: string;
  readonly url: string;
}

export interface ChannelUrls {
  /** The channel of the next bid, half of the time one of the four hot ones. */
  next(): Channel;
}

/** Channels of bids, each with one url: those of the other channels are drawn when they come first. */
export function createChannelUrls(text: RandomText): ChannelUrls {
  const hot = hotChannels.map((channel) => ({ channel, url: baseUrl(text) }));
  const others = new Map<number, Channel>();
  return {
    next() {
      if (text.below(2) > 0) return hot[text.below(hot.length)];
      const i = text.below(otherChannels);
      const known = others.get(i) ?? { channel: `channel-${i}`, url: otherUrl(text, i) };
      others.set(i, known);
      return known;
    },
  };
}

function baseUrl(text: RandomText): string {
  return `https://www.nexmark.com/${text.string(5, "_")}/${text.string(5, "_")}/${text.string(5, "_")}/item.htm?query=1`;
}

function otherUrl(text: RandomText, i: number): string {
  const url = baseUrl(text);
  return text.below(10) > 0 ? `${url}&channel_id=${Math.abs(reverseBits(i))}` : url;
}

/** The 32 bits of a whole number in reverse order, as a signed one. */
export function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = (reversed << 1) | ((value >>> bit) & 1);
  return reversed;
}
