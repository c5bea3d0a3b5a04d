import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * What tells a process from a later one that got the same id: when it was started, in the finest terms the system
 * has. null when there is no such process. Zombies count as gone.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform === "linux") return linuxIdentity(pid);
  const [command, args] =
    process.platform === "win32"
      ? ["powershell", ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).StartTime.Ticks`]]
      : ["ps", ["-o", "lstart=", "-p", String(pid)]];
  try {
    const { stdout } = await run(command, args);
    return stdout.trim() === "" ? null : stdout.trim();
  } catch {
    return null;
  }
}

async function linuxIdentity(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in parentheses and may hold anything; fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}
