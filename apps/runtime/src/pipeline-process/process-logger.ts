import { type Logger, pino } from "pino";

/** A logger whose lines go to the standard output (which the supervisor forwards) and to `also`. */
export function createProcessLogger(
  level: string,
  bindings: Readonly<Record<string, string | number>>,
  also: (line: string) => void,
): Logger {
  const write = (line: string): void => {
    process.stdout.write(line);
    also(line.trimEnd());
  };
  return pino({ level, base: { ...bindings, pid: process.pid } }, { write });
}
