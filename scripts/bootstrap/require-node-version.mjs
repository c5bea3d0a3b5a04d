const leastMajor = 20;
const leastMinor = 19;

/** Ends the process with a sentence that says what to do when Node is older than the set-up can run under. */
export function requireNodeVersion() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  console.error(
    `Millrace needs Node ${leastMajor}.${leastMinor} or newer; this is ${process.versions.node}. Install a newer Node and run the command again.`,
  );
  process.exit(1);
}
