import { ConnectorError } from "../connector/connector-error.ts";
import type { LookupAnswer, LookupReader } from "../connector/lookup-port.ts";
import { deadLetterReasons } from "../diagnostics/dead-letter-reasons.ts";
import type { LookupJoin } from "../plan/lookup-operator.ts";
import type { Clock } from "../time/clock.ts";
import type { Answered, Asking, Question } from "./operator.ts";
import type { OperatorHost } from "./operator-host.ts";
import { PipelineFailure } from "./pipeline-run.ts";
import { runFailure } from "./run-failure.ts";

const firstPauseMs = 100;
const longestPauseMs = 5000;

/** Questions that are asked together. */
interface Request {
  readonly questions: readonly Question[];
  /** How often it has failed. */
  failures: number;
  /** Monotonic time: of a request that is under way, when its time is up; of one that pauses, when it is tried again. */
  dueMs: number;
  /** null while it pauses. */
  attempt: AbortController | null;
}

type Outcome =
  | { readonly request: Request; readonly attempt: AbortController; readonly answers: readonly LookupAnswer[] }
  | { readonly request: Request; readonly attempt: AbortController; readonly failure: unknown };

/**
 * Asks the questions of one operator and brings it the answers: at most `capacity` at once, each try within the timeout,
 * again after a pause. All of it happens in `work`, between batches; time is read from the clock there alone.
 */
export class LookupTask {
  readonly host: OperatorHost;
  readonly #asking: Asking;
  readonly #reader: LookupReader;
  readonly #spec: Pick<LookupJoin<unknown, unknown>, "capacity" | "timeoutMs" | "retries">;
  readonly #clock: Clock;
  readonly #requests = new Set<Request>();
  readonly #outcomes: Outcome[] = [];
  #underWay = 0;
  /** Called when something has come for `work` to deal with. */
  onNews: () => void = () => {};

  constructor(options: {
    readonly host: OperatorHost;
    readonly asking: Asking;
    readonly reader: LookupReader;
    readonly spec: Pick<LookupJoin<unknown, unknown>, "capacity" | "timeoutMs" | "retries">;
    readonly clock: Clock;
  }) {
    this.host = options.host;
    this.#asking = options.asking;
    this.#reader = options.reader;
    this.#spec = options.spec;
    this.#clock = options.clock;
  }

  /** No more records, until some questions are answered. */
  get full(): boolean {
    return this.#asking.full;
  }

  /** Records wait for answers. */
  get waiting(): boolean {
    return this.#asking.waiting;
  }

  /** Monotonic time at which `work` has something to do at the latest; infinite when it has not. */
  get dueMs(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const request of this.#requests) due = Math.min(due, request.dueMs);
    return due;
  }

  /** Brings what has been answered, gives up on what takes too long, asks what is to be asked. Returns whether records moved. */
  work(): boolean {
    const answered: Answered[] = [];
    for (const outcome of this.#outcomes.splice(0)) this.#take(outcome, answered);
    const now = this.#clock.monotonic();
    for (const request of this.#requests) if (request.dueMs <= now) this.#due(request, answered);
    const isMoved = this.host.settle(this.#asking, answered, this.#clock.now());
    this.#ask();
    return isMoved;
  }

  close(): Promise<void> {
    for (const { attempt } of this.#requests) attempt?.abort();
    return this.#reader.close();
  }

  #ask(): void {
    for (;;) {
      const questions = this.#asking.take(Math.min(this.#reader.maxKeys, this.#spec.capacity - this.#underWay));
      if (questions.length === 0) return;
      this.#underWay += questions.length;
      const request: Request = { questions, failures: 0, dueMs: 0, attempt: null };
      this.#requests.add(request);
      this.#try(request);
    }
  }

  #try(request: Request): void {
    const attempt = new AbortController();
    request.attempt = attempt;
    request.dueMs = this.#clock.monotonic() + this.#spec.timeoutMs;
    const keys = request.questions.map(({ key }) => key);
    this.#reader.lookup(keys, attempt.signal).then(
      (answers) => this.#hear({ request, attempt, answers }),
      (failure: unknown) => this.#hear({ request, attempt, failure }),
    );
  }

  #hear(outcome: Outcome): void {
    this.#outcomes.push(outcome);
    this.onNews();
  }

  /** An outcome of a try that was given up means nothing any more. */
  #take(outcome: Outcome, answered: Answered[]): void {
    const { request } = outcome;
    if (request.attempt !== outcome.attempt) return;
    if ("failure" in outcome) {
      this.#fail(request, outcome.failure, answered);
      return;
    }
    const { questions } = request;
    if (outcome.answers.length !== questions.length) {
      throw new Error(`a lookup of ${questions.length} keys brought ${outcome.answers.length} answers`);
    }
    this.#finish(request);
    questions.forEach(({ id }, i) => {
      answered.push({ id, answer: outcome.answers[i] });
    });
  }

  #due(request: Request, answered: Answered[]): void {
    if (request.attempt === null) {
      this.#try(request);
      return;
    }
    request.attempt.abort();
    this.#fail(request, deadLetterReasons.noAnswer(this.#spec.timeoutMs), answered);
  }

  #fail(request: Request, cause: unknown, answered: Answered[]): void {
    if (cause instanceof ConnectorError && !cause.retryable) {
      throw new PipelineFailure(cause.code, this.host.step.node, cause.message, false, cause);
    }
    request.attempt = null;
    if (request.failures++ < this.#spec.retries) {
      request.dueMs = this.#clock.monotonic() + Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(10, request.failures - 1));
      return;
    }
    this.#finish(request);
    const reason = deadLetterReasons.triedInVain(cause instanceof Error ? cause.message : String(cause), request.failures);
    for (const { id } of request.questions) answered.push({ id, answer: { kind: "failed", reason } });
  }

  #finish(request: Request): void {
    this.#requests.delete(request);
    this.#underWay -= request.questions.length;
  }
}

/** The failure that a run ends with when a lookup cannot be opened. */
export function lookupFailure(node: string, cause: unknown): PipelineFailure {
  if (cause instanceof PipelineFailure) return cause;
  if (cause instanceof ConnectorError) return new PipelineFailure(cause.code, node, cause.message, cause.retryable, cause);
  return runFailure("LOOKUP_FAILED", { reason: String(cause) }, { node, retryable: true, cause });
}
