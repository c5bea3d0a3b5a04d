/** A field name as an expression: in backquotes, so that any name is read as a name. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
