import type { Graph, PipelineSettings, SinkDelivery } from "@millrace/engine";
import { catalogue } from "@millrace/nodes";
import { durationWords } from "../../design/format/durations.ts";
import { Select } from "../../design/Select.tsx";

type Mode = PipelineSettings["delivery"];

const options: readonly { readonly value: Mode; readonly label: string; readonly help: string }[] = [
  {
    value: "exactly-once",
    label: "Exactly once",
    help: "Sinks get records with the checkpoint that holds them, so a result appears after at most the time between checkpoints.",
  },
  {
    value: "at-least-once",
    label: "At least once, faster",
    help: "Sinks get records at once. After a failure, those since the last checkpoint come again.",
  },
];

/** What a pipeline promises its sinks, and what that means for each sink of this graph. */
export function DeliveryField({ graph, onChange }: { readonly graph: Graph; readonly onChange: (mode: Mode) => void }) {
  const mode = graph.settings.delivery;
  const sinks = Object.entries(graph.nodes).flatMap(([slug, { type, label, disabled }]) => {
    const definition = catalogue.find(type);
    if (disabled || definition?.delivery === undefined) return [];
    return [{ slug, name: label === "" ? definition.label : label, words: promise(definition.delivery, graph.settings) }];
  });
  return (
    <div className="flex flex-col gap-2">
      <Select
        label="Delivery"
        help={options.find(({ value }) => value === mode)?.help}
        value={mode}
        onValueChange={onChange}
        options={options}
      />
      {sinks.length > 0 && (
        <dl className="flex flex-col gap-1.5 border-s border-line ps-3 text-12">
          {sinks.map(({ slug, name, words }) => (
            <div key={slug}>
              <dt className="font-medium text-ink">{name}</dt>
              <dd className="text-ink-2">{words}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function promise(sink: SinkDelivery, { delivery, checkpointIntervalMs }: PipelineSettings): string {
  const interval = durationWords(checkpointIntervalMs);
  if (delivery === "at-least-once" && sink.immediate) return "Each record at once; after a failure, some come twice.";
  if (sink.exactlyOnce) return `Each record once, about every ${interval}.`;
  return `At least once, about every ${interval}; a repetition carries the same key.`;
}
