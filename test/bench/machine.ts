import { cpus, totalmem } from "node:os";

/** The machine and the Node that figures were measured with. */
export function machineLine(): string {
  const [first, ...others] = cpus();
  return `Node ${process.version}, ${others.length + 1} × ${first?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB`;
}
