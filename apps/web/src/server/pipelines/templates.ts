import { templates } from "@millrace/nodes";
import { Problem } from "../errors/problem.ts";

/** The template of that id, or the problem `TEMPLATE_NOT_FOUND`. */
export function findTemplate(id: string) {
  const template = templates.find((candidate) => candidate.id === id);
  if (template !== undefined) return template;
  throw new Problem({
    transport: "NOT_FOUND",
    code: "TEMPLATE_NOT_FOUND",
    message: `There is no template ${id}.`,
    fix: "Choose one in the gallery.",
  });
}
