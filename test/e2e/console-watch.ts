import type { Page } from "@playwright/test";

/** Collects what a page says on the console as an error or warning, and what it throws. */
export function watchConsole(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`thrown: ${error.message}`));
  return problems;
}
