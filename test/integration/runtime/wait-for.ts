const lookEveryMs = 50;

/** Asks again and again until the answer is neither undefined, null nor false; fails by name after `timeoutMs`. */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined | null | false>, timeoutMs = 30_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
