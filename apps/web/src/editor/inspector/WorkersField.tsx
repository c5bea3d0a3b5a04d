import { type Catalogue, checkGraph, type Graph, parallelismLimits, planGraph, workerUse } from "@millrace/engine";
import { useMemo } from "react";
import { Select } from "../../design/Select.tsx";
import { useSession } from "../session/use-session.ts";

const counts = [1, 2, 3, 4, 6, 8, 12, parallelismLimits.max];

/** Over how many threads of its process a pipeline is spread, and what of it cannot be. */
export function WorkersField({ graph, onChange }: { readonly graph: Graph; readonly onChange: (workers: number) => void }) {
  const { catalogue } = useSession().language;
  const workers = graph.settings.parallelism;
  const help = useMemo(
    () => (workers === 1 ? "All of the pipeline runs on one core." : helpFor(graph, catalogue)),
    [graph, catalogue, workers],
  );
  const options = [...new Set([...counts, workers])].sort((a, b) => a - b);
  return (
    <Select
      label="Workers"
      help={help}
      value={String(workers)}
      onValueChange={(value) => onChange(Number(value))}
      options={options.map((count) => ({ value: String(count), label: count === 1 ? "1" : `${count}, on as many cores` }))}
    />
  );
}

const shared = "Workers share the decoding and, by key, the state.";

function helpFor(graph: Graph, catalogue: Catalogue): string {
  const { checked } = checkGraph(graph, catalogue);
  const planned = checked === null ? null : planGraph(checked);
  if (planned === null || !planned.ok) return `${shared} Nodes without a key run on one of them.`;
  const { alone, single } = workerUse(planned.value, graph.settings);
  const named = (slug: string): string => graph.nodes[slug]?.label || slug;
  if (alone?.reason === "state-on-disk") return "Runs on one worker: its state is on disk.";
  if (alone !== null) return `Runs on one worker: ${named(alone.node)} has a pace, or a watermark that only one reader can make.`;
  return single.length === 0 ? shared : `${shared} On one of them: ${single.map(named).join(", ")}.`;
}
