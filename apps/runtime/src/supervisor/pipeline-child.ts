import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Logger } from "pino";
import { type ProcessMessage, processMessage, type SupervisorMessage } from "../pipeline-process/process-messages.ts";
import { systemClock } from "../system-clock.ts";
import type { ChildEnd, RunningProcess } from "./runner-host.ts";

const silentForMs = 30_000;
const lookEveryMs = 1000;

/** A forked pipeline process that is given its deployment. Its output is forwarded; a process that says nothing for 30 s is killed. */
export class PipelineChild implements RunningProcess {
  readonly #process: ChildProcess;
  readonly #logger: Logger;
  readonly ended: Promise<ChildEnd>;
  #lastWord: ChildEnd | null = null;
  #heardAt = systemClock.monotonic();
  /** Why this side killed it. */
  #killed: string | null = null;

  /** `forked`: one that waits for its start message. */
  constructor(
    forked: ChildProcess,
    start: Extract<SupervisorMessage, { readonly kind: "start" }>,
    logger: Logger,
    onMessage: (message: ProcessMessage) => void,
  ) {
    this.#logger = logger;
    this.#process = forked;
    this.ended = new Promise((resolve) => {
      const watch = setInterval(() => this.#checkSilence(), lookEveryMs);
      const end = (how: string): void => {
        clearInterval(watch);
        resolve(this.#lastWord ?? { kind: "lost", how: this.#killed ?? how });
      };
      this.#process.once("error", (cause) => end(`it could not be started: ${cause.message}`));
      this.#process.once("exit", (code, signal) => end(signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`));
    });
    this.#process.on("message", (raw: unknown) => this.#receive(raw, onMessage));
    this.#forwardOutput();
    this.send(start);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: SupervisorMessage): void {
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  kill(why: string): void {
    this.#killed ??= why;
    this.#process.kill("SIGKILL");
  }

  #receive(raw: unknown, onMessage: (message: ProcessMessage) => void): void {
    const parsed = processMessage.safeParse(raw);
    if (!parsed.success) {
      this.#logger.error({ issues: parsed.error.issues }, "a pipeline process sent a message that is none");
      return;
    }
    this.#heardAt = systemClock.monotonic();
    if (parsed.data.kind === "ended" || parsed.data.kind === "failed") this.#lastWord = parsed.data;
    else onMessage(parsed.data);
  }

  #checkSilence(): void {
    if (systemClock.monotonic() - this.#heardAt > silentForMs) this.kill(`it had not answered for ${silentForMs / 1000} s`);
  }

  #forwardOutput(): void {
    const { stdout, stderr } = this.#process;
    if (stdout !== null) createInterface({ input: stdout }).on("line", (line) => void process.stdout.write(`${line}\n`));
    if (stderr !== null) createInterface({ input: stderr }).on("line", (line) => this.#logger.warn({ stream: "stderr" }, line));
  }
}
