/** How the interface is lit. `system` follows the device; `contrast` follows it too, with full-strength lines and text. */
export const themes = ["system", "light", "dark", "contrast"] as const;
export type Theme = (typeof themes)[number];

/** The cookie that carries the choice, so that the server renders the right theme and nothing flashes. */
export const themeCookie = "millrace-theme";

/** The theme of a cookie value; anything unknown is `system`. */
export function readTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** Applies a theme to this tab and keeps it for the next page. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
  window.dispatchEvent(new Event("millrace:theme"));
}
