import type { GeneratorConfig } from "./generator-config.ts";

/** Number of the newest person at an event, from 0. */
export function lastPerson({ personProportion, auctionProportion, bidProportion }: GeneratorConfig, eventId: number): number {
  const all = personProportion + auctionProportion + bidProportion;
  return Math.floor(eventId / all) * personProportion + Math.min(eventId % all, personProportion - 1);
}

/** Number of the newest auction at an event, from 0; -1 before the first. */
export function lastAuction({ personProportion, auctionProportion, bidProportion }: GeneratorConfig, eventId: number): number {
  const all = personProportion + auctionProportion + bidProportion;
  const epoch = Math.floor(eventId / all);
  const offset = eventId % all;
  if (offset < personProportion) return (epoch - 1) * auctionProportion + auctionProportion - 1;
  return epoch * auctionProportion + Math.min(offset - personProportion, auctionProportion - 1);
}
