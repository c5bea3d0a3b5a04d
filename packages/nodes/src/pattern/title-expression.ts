/** Text with `{expression}` holes as one string expression; `{{` and `}}` stand for braces, NULL for nothing. */
export function titleExpression(template: string): string {
  const parts: string[] = [];
  let text = "";
  let at = 0;
  while (at < template.length) {
    const rest = template.slice(at, at + 2);
    if (rest === "{{" || rest === "}}") {
      text += rest[0];
      at += 2;
      continue;
    }
    const end = template[at] === "{" ? template.indexOf("}", at) : -1;
    if (end < 0) {
      text += template[at++];
      continue;
    }
    if (text !== "") parts.push(quoted(text));
    text = "";
    parts.push(`COALESCE(CAST((${template.slice(at + 1, end)}) AS STRING), '')`);
    at = end + 1;
  }
  if (text !== "" || parts.length === 0) parts.push(quoted(text));
  return parts.join(" || ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
