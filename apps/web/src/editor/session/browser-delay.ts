/** The browser's timer, as the session wants it: the result cancels. */
export function browserDelay(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
