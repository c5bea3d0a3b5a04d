import type { Graph, PipelineSettings } from "@millrace/engine";
import { Select } from "../../design/Select.tsx";

type Mode = PipelineSettings["state"];

const options: readonly { readonly value: Mode; readonly label: string; readonly help: string }[] = [
  { value: "memory", label: "In memory", help: "Fastest. All keys have to fit into the memory of the runtime." },
  {
    value: "disk",
    label: "On disk when it grows",
    help: "Deduplicate keeps keys that have not come for long on the disk of the runtime, so there may be more than fit into memory. The state of all other nodes stays in memory.",
  },
];

/** Where a pipeline keeps its state. */
export function StateField({ graph, onChange }: { readonly graph: Graph; readonly onChange: (mode: Mode) => void }) {
  const mode = graph.settings.state;
  return (
    <Select
      label="State"
      help={options.find(({ value }) => value === mode)?.help}
      value={mode}
      onValueChange={onChange}
      options={options}
    />
  );
}
