"use client";

import { checkpointIntervalLimits, writeDuration } from "@millrace/engine";
import { X } from "lucide-react";
import { IconButton } from "../../design/IconButton.tsx";
import { Kbd } from "../../design/Kbd.tsx";
import { TextArea } from "../../design/TextArea.tsx";
import { setCheckpointInterval, setDelivery, setDescription, setParallelism, setStateMode } from "../document/set-pipeline-settings.ts";
import { useEditorState, useSession } from "../session/use-session.ts";
import { DeliveryField } from "./DeliveryField.tsx";
import { DurationParamField } from "./fields/DurationParamField.tsx";
import { parseDurationWords } from "./parse-duration-words.ts";
import { StateField } from "./StateField.tsx";
import { WorkersField } from "./WorkersField.tsx";

/** About the pipeline itself, while nothing is selected. */
export function PipelineInspector() {
  const session = useSession();
  const description = useEditorState((state) => state.document.pipeline.description);
  const intervalMs = useEditorState((state) => state.document.pipeline.settings.checkpointIntervalMs);
  const graph = useEditorState((state) => state.document.pipeline);
  const setInterval = (text: string): void => {
    const ms = parseDurationWords(text);
    if (ms === null || ms < checkpointIntervalLimits.minMs || ms > checkpointIntervalLimits.maxMs) return;
    session.edit({ label: "Change checkpoints", coalesce: "checkpoint interval" }, (document) => setCheckpointInterval(document, ms));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <header className="flex items-center justify-between ps-4 pe-3 pt-3">
        <h2 className="text-14 font-semibold">Pipeline</h2>
        <IconButton label="Close" icon={<X size={16} />} onClick={() => session.ui.update((ui) => ({ ...ui, pipelineOpen: false }))} />
      </header>
      <div className="flex flex-col gap-4 p-4 pt-2">
        <TextArea
          label="What it is for"
          rows={3}
          value={description}
          placeholder="Raises an alert when a service logs more than 100 errors within 5 minutes."
          onValueChange={(text) =>
            session.edit({ label: "Edit description", coalesce: "description" }, (document) => setDescription(document, text))
          }
          onBlur={() => session.store.seal()}
        />
        <DurationParamField
          kind={{ kind: "duration", ...checkpointIntervalLimits }}
          label="Time between checkpoints"
          help="After a failure the pipeline goes on from the newest one; what its sinks deliver waits for the next."
          value={writeDuration(intervalMs)}
          default="1s"
          optional={false}
          error={undefined}
          findings={[]}
          fieldsOf={() => null}
          ownFields={[]}
          onChange={(value) => {
            if (typeof value === "string") setInterval(value);
          }}
          onSettle={() => session.store.seal()}
        />
        <DeliveryField
          graph={graph}
          onChange={(mode) => session.edit({ label: "Change delivery" }, (document) => setDelivery(document, mode))}
        />
        <StateField
          graph={graph}
          onChange={(mode) => session.edit({ label: "Change where state is kept" }, (document) => setStateMode(document, mode))}
        />
        <WorkersField
          graph={graph}
          onChange={(workers) => session.edit({ label: "Change workers" }, (document) => setParallelism(document, workers))}
        />
      </div>
      <Shortcuts />
    </div>
  );
}

const shortcuts: readonly { readonly keys: readonly string[]; readonly what: string }[] = [
  { keys: ["/"], what: "Find a node to add" },
  { keys: ["Ctrl", "Z"], what: "Undo" },
  { keys: ["Ctrl", "Shift", "Z"], what: "Redo" },
  { keys: ["Ctrl", "D"], what: "Duplicate" },
  { keys: ["Ctrl", "C"], what: "Copy as pipeline JSON" },
  { keys: ["Shift", "drag"], what: "Select several" },
  { keys: ["Shift", "1"], what: "Show everything" },
  { keys: ["Shift", "E"], what: "Disable or enable" },
  { keys: ["Del"], what: "Delete" },
];

function Shortcuts() {
  return (
    <section className="mt-auto border-t border-line p-4">
      <h3 className="pb-2 text-12 font-medium text-ink-2">Keys</h3>
      <dl className="grid grid-cols-[1fr_auto] items-center gap-y-1.5 text-13">
        {shortcuts.map(({ keys, what }) => (
          <div key={what} className="contents">
            <dt className="text-ink-2">{what}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
