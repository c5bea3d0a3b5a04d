import type { SinkContext } from "@millrace/engine";
import { z } from "zod";

const csvOptions = z.object({ delimiter: z.string().length(1).default(","), header: z.boolean().default(true) });

/** The header line of a CSV file that holds a sink's fields, with its line feed; empty when the options say `header: false`. */
export function csvHeader(context: Pick<SinkContext, "fields" | "options">): string {
  const { format } = context.options;
  const parsed = csvOptions.safeParse(typeof format === "object" ? format : context.options);
  const { delimiter, header } = parsed.success ? parsed.data : { delimiter: ",", header: true };
  if (!header) return "";
  const names = context.fields.map(({ name }) =>
    name.includes(delimiter) || /["\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name,
  );
  return `${names.join(delimiter)}\n`;
}
