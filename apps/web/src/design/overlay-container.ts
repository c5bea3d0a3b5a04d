/** Id of the element, a landmark of its own, in which menus, dialogs and tooltips are put. */
export const overlaysId = "overlays";

/** Where overlays go; the body where the page has no place for them, and on the server, where none is open. */
export function overlayContainer(): HTMLElement | null {
  return typeof document === "undefined" ? null : document.getElementById(overlaysId);
}
