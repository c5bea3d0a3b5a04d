import type { NodeExample } from "@millrace/engine";

const minute = 60_000;

/** What the event pattern's documentation shows, and its tests run. */
export const eventPatternExamples: readonly NodeExample[] = [
  {
    title: "Stolen cards are tried out: three or more small payments, then a large one",
    params: {
      keyBy: ["card"],
      stages: [
        { name: "small", where: "amount < 5", times: { min: 3, max: null, greedy: true } },
        { name: "large", where: "amount > 100 * AVG(small.amount)" },
      ],
      within: "10m",
      measures: [
        { name: "tries", value: "COUNT(small)" },
        { name: "amount", value: "large.amount" },
      ],
    },
    feed: {
      in: [
        { card: "c1", amount: 1, _time: 0 },
        { card: "c2", amount: 1, _time: minute },
        { card: "c1", amount: 2, _time: 2 * minute },
        { card: "c1", amount: 40, _time: 3 * minute },
        { card: "c2", amount: 900, _time: 3 * minute },
        { card: "c1", amount: 1, _time: 4 * minute },
        { card: "c1", amount: 4, _time: 5 * minute },
        { card: "c1", amount: 750, _time: 6 * minute },
        { card: "c1", amount: 800, _time: 7 * minute },
      ],
    },
    expect: { out: [{ card: "c1", match_start: 0, match_end: 6 * minute, tries: 4, amount: 750 }] },
  },
  {
    title: "An order without a payment within half an hour",
    params: {
      keyBy: ["order"],
      stages: [
        { name: "placed", where: "type = 'order'" },
        { name: "paid", contiguity: "notFollowedBy", where: "type = 'payment'" },
      ],
      within: "30m",
    },
    feed: {
      in: [
        { order: 1, type: "order", _time: 0 },
        { order: 2, type: "order", _time: minute },
        { order: 2, type: "payment", _time: 20 * minute },
        { order: 1, type: "payment", _time: 30 * minute },
      ],
    },
    expect: { out: [{ order: 1, match_start: 0, match_end: 0 }] },
  },
  {
    title: "Tried at least twice: a group of stages that comes several times",
    params: {
      keyBy: ["user"],
      stages: [
        {
          name: "attempt",
          times: { min: 2, max: null, greedy: true, inner: "consecutive" },
          group: [
            { name: "login", where: "type = 'login'" },
            { name: "failure", contiguity: "next", where: "type = 'failure'" },
          ],
        },
        { name: "success", contiguity: "next", where: "type = 'success'" },
      ],
      within: "10m",
      measures: [
        { name: "failures", value: "COUNT(failure)" },
        { name: "waited", value: "success.wait - FIRST(failure.wait)" },
      ],
    },
    feed: {
      in: [
        { user: "eve", type: "login", wait: 0, _time: 0 },
        { user: "eve", type: "failure", wait: 1, _time: minute },
        { user: "ann", type: "login", wait: 0, _time: minute },
        { user: "ann", type: "success", wait: 0, _time: 2 * minute },
        { user: "eve", type: "login", wait: 1, _time: 2 * minute },
        { user: "eve", type: "failure", wait: 3, _time: 3 * minute },
        { user: "eve", type: "success", wait: 8, _time: 4 * minute },
      ],
    },
    expect: { out: [{ user: "eve", match_start: 0, match_end: 4 * minute, failures: 2, waited: 7 }] },
  },
  {
    title: "A rise without interruption; what ran out of time leaves by its own port",
    params: {
      keyBy: [],
      stages: [
        { name: "low" },
        {
          name: "rise",
          contiguity: "next",
          where: "price > low.price AND (COUNT(rise) = 0 OR price > rise.price)",
          times: { min: 2, max: 2, inner: "consecutive" },
        },
      ],
      within: "5s",
      measures: [{ name: "by", value: "price - FIRST(low.price)" }],
    },
    feed: {
      in: [
        { price: 7, _time: 1000 },
        { price: 5, _time: 2000 },
        { price: 6, _time: 3000 },
        { price: 9, _time: 4000 },
        { price: 10, _time: 5000 },
      ],
    },
    expect: {
      out: [{ match_start: 2000, match_end: 4000, by: 4 }],
      timeout: [{ match_start: 5000, match_end: 5000, by: 0 }],
    },
  },
];
