import type { Diagnostic, Place } from "@millrace/engine";

/** A diagnostic as lines of text: severity, code and place, then what is wrong, then what to do. */
export function showDiagnostic(diagnostic: Diagnostic): string {
  const place = showPlace(diagnostic.place);
  const lines = [`${diagnostic.severity} ${diagnostic.code}${place === "" ? "" : ` at ${place}`}`, `  ${diagnostic.message}`];
  if (diagnostic.fix !== undefined) lines.push(`  fix: ${diagnostic.fix}`);
  return lines.join("\n");
}

/** `node.param:3-7`, `node.port`, `a.out > b.in`, or a path; empty for the whole document. */
export function showPlace(place: Place): string {
  if (place.edge !== undefined) return `${place.edge.from} > ${place.edge.to}`;
  if (place.node === undefined) return place.path ?? "";
  const member = place.param ?? place.port;
  const span = place.span === undefined ? "" : `:${place.span.start}-${place.span.end}`;
  return member === undefined ? place.node : `${place.node}.${member}${span}`;
}
