import { error } from "../../diagnostics/diagnostic.ts";
import type { NodeReport } from "../check-report.ts";
import type { GraphRule } from "./graph-rule.ts";

/** A pipeline that reads what it writes has its own results come back for ever. */
export const ownOutput: GraphRule = ({ nodes, labelOf }) => {
  const running = [...nodes.values()].filter((node) => !node.leftOut);
  const reads = running.flatMap((node) => channelsOf(node, "reads").map((pattern) => ({ node, fits: channelPattern(pattern) })));
  return running.flatMap((sink) =>
    channelsOf(sink, "writes").flatMap((channel) =>
      reads
        .filter(({ fits }) => fits.test(channel))
        .map(({ node: { slug } }) =>
          error("READS_OWN_OUTPUT", { channel, source: labelOf(slug), sink: labelOf(sink.slug) }, { node: sink.slug }),
        ),
    ),
  );
};

function channelsOf({ definition, params }: NodeReport, what: "reads" | "writes"): readonly string[] {
  if (params === null || params === undefined) return [];
  return definition?.channels?.(params)[what] ?? [];
}

function channelPattern(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[^A-Za-z0-9_ -]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
