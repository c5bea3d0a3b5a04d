import { type DifferenceRule, hasMembers, joinType, multisetProblem, type VectorSuite } from "../suite.ts";
import { checkStreamStream, resultOf, StreamStreamRun, type StreamStreamVector } from "./kafka-stream-stream.ts";
import { checkStreamTable, type StreamTableVector } from "./kafka-stream-table.ts";
import { checkTableTable, deletionsComeOut, type TableTableVector } from "./kafka-table-table.ts";

/** (left ⋈ right) ⋈ right. */
interface ChainVector extends StreamStreamVector {
  readonly join: StreamStreamVector["join"] & { readonly chain: readonly StreamStreamVector["join"]["mode"][] };
}

type IntegrationVector = StreamStreamVector | ChainVector | StreamTableVector | TableTableVector;

const differences: readonly DifferenceRule<IntegrationVector>[] = [
  {
    ...deletionsComeOut,
    applies: (vector) => isTableTable(vector) && deletionsComeOut.applies(vector),
    agreed: (vector) => (isTableTable(vector) ? deletionsComeOut.agreed(vector) : vector),
  },
];

const kinds: ReadonlySet<unknown> = new Set(["streamStream", "streamTable", "tableTable"]);

/** Joins of streams and tables in Kafka Streams, each on the join that means the same here. */
export const kafkaIntegration: VectorSuite<IntegrationVector> = {
  name: "joins of Kafka Streams",
  matches: (vector) => hasMembers(vector, ["steps"]) && kinds.has(joinType(vector)),
  differences,
  check,
};

function check(vector: IntegrationVector): string | null {
  if (isStreamTable(vector)) return checkStreamTable(vector);
  if (isTableTable(vector)) return checkTableTable(vector);
  return isChain(vector) ? checkChain(vector) : checkStreamStream(vector);
}

function isStreamTable(vector: IntegrationVector): vector is StreamTableVector {
  return vector.join.type === "streamTable";
}

function isTableTable(vector: IntegrationVector): vector is TableTableVector {
  return vector.join.type === "tableTable";
}

function isChain(vector: StreamStreamVector): vector is ChainVector {
  return "chain" in vector.join;
}

/** What the first join gives is the left of the second. */
function checkChain({ join, steps }: ChainVector): string | null {
  const [first, second] = join.chain.map((mode) => new StreamStreamRun({ ...join, mode }));
  for (const [index, { input, expected }] of steps.entries()) {
    const actual = input.flatMap((record) => {
      const rows = first.take(record).map((row) => resultOf(row, "-"));
      const ofRight = record.side === "right" ? second.take(record) : [];
      const ofLeft = rows.flatMap(({ key, value, ts }) =>
        second.take({ side: "left", key: key as number | null, value: String(value), ts: Number(ts) }),
      );
      return [...ofRight, ...ofLeft].map((row) => resultOf(row, "-"));
    });
    const problem = expected === null ? null : multisetProblem(`step ${index + 1}`, actual, expected);
    if (problem !== null) return problem;
  }
  return null;
}
