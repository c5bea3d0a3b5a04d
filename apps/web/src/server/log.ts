import pino from "pino";

/** The web server's log: JSON lines on standard error; `MILLRACE_LOG_LEVEL` sets how much. */
export const log = pino({ name: "web", level: process.env.MILLRACE_LOG_LEVEL ?? "info" }, pino.destination(2));
