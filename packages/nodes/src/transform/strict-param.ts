import { type PortSpec, param } from "@millrace/engine";

/** The parameter of nodes whose records may fail. */
export const strictParam = {
  strict: param.toggle({
    label: "Send what fails to the dead letters",
    default: false,
    advanced: true,
    help: "A record on which an expression is NULL, although every field that it reads has a value, leaves by the port Dead letters.",
  }),
};

/** The port for such records. */
export function strictPorts({ strict }: { readonly strict: boolean }): readonly PortSpec[] {
  return strict ? [{ name: "dead_letter", label: "Dead letters", side: true }] : [];
}

/** The paragraph about it in the docs. */
export const strictDocs = `**Dead letters.** With *Send what fails to the dead letters*, a record that cannot be computed leaves by that port, as it came, with the reason in \`dead_letter_reason\`: a \`CAST\` of what is no number, a division by zero, a member that the JSON does not have. An expression counts as failed where it is NULL although every field that it reads has a value; where such a NULL is meant, wrap it in \`COALESCE\`.`;
