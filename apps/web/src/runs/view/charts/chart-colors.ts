/** Colours of the tokens as the canvas understands them: the custom properties themselves are not resolved. */
export function resolveColors<K extends string>(tokens: Readonly<Record<K, string>>, host: HTMLElement): Readonly<Record<K, string>> {
  const probe = document.createElement("span");
  host.append(probe);
  const resolved: Record<K, string> = { ...tokens };
  for (const name of Object.keys(tokens) as K[]) {
    probe.style.color = tokens[name];
    resolved[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return resolved;
}

/** Calls back when the theme changes, by choice or with the system. */
export function onThemeChange(listener: () => void): () => void {
  const queries = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(prefers-contrast: more)")];
  window.addEventListener("millrace:theme", listener);
  for (const query of queries) query.addEventListener("change", listener);
  return () => {
    window.removeEventListener("millrace:theme", listener);
    for (const query of queries) query.removeEventListener("change", listener);
  };
}
