import { errorSpike } from "./error-spike.ts";
import { fraud } from "./fraud.ts";
import { hopping } from "./hopping.ts";
import { cep0, cep1, cep2, cep3 } from "./nexmark/cep0-cep3-patterns.ts";
import { q0, q1, q2 } from "./nexmark/q0-q2-per-bid.ts";
import { q3 } from "./nexmark/q3-local-items.ts";
import { q4, q6 } from "./nexmark/q4-q6-winning-bids.ts";
import { q5 } from "./nexmark/q5-hot-items.ts";
import { q7 } from "./nexmark/q7-highest-bid.ts";
import { q8 } from "./nexmark/q8-new-users.ts";
import { q11, q12 } from "./nexmark/q11-q12-per-bidder.ts";
import { q13, q14 } from "./nexmark/q13-q14-enriched-bids.ts";
import { q15, q17 } from "./nexmark/q15-q17-daily-statistics.ts";
import { q18, q19, q20 } from "./nexmark/q18-q20-bids-of-auctions.ts";
import { sessions, sessionsOfMillion } from "./sessions.ts";
import type { Subject } from "./subject.ts";

/** Everything that the bench compares with plain callbacks. */
export const subjects: readonly Subject[] = [
  errorSpike,
  hopping,
  sessions,
  sessionsOfMillion,
  fraud,
  q0,
  q1,
  q2,
  q3,
  q4,
  q5,
  q6,
  q7,
  q8,
  q11,
  q12,
  q13,
  q14,
  q15,
  q17,
  q18,
  q19,
  q20,
  cep0,
  cep1,
  cep2,
  cep3,
];
