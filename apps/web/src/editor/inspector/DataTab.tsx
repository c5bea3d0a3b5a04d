"use client";

import type { GraphNode, NodeDefinition, PortSpec, StreamType } from "@millrace/engine";
import { Select } from "../../design/Select.tsx";
import { connect } from "../document/connect.ts";
import { nodeName } from "../document/connection-refusal.ts";
import { disconnect } from "../document/disconnect.ts";
import { outputPorts } from "../document/node-ports.ts";
import { entryOf } from "../document/plain-record.ts";
import { edgeId, readPortRef, writePortRef } from "../document/port-ref.ts";
import { reconnect } from "../document/reconnect.ts";
import { useEditorState, useReport, useSession } from "../session/use-session.ts";
import { FieldTable } from "./schema/FieldTable.tsx";
import { fieldRoles, streamFacts } from "./schema/stream-words.ts";

export interface DataTabProps {
  readonly slug: string;
  readonly node: GraphNode;
  readonly definition: NodeDefinition;
}

/** What flows in and out of a node: where each input comes from, and the fields at each port. */
export function DataTab({ slug, node, definition }: DataTabProps) {
  const report = useReport(slug);
  const outputs = report?.outputPorts ?? outputPorts(node, definition) ?? [];
  return (
    <div className="flex flex-col">
      {definition.inputs.length > 0 && (
        <section className="flex flex-col gap-3 border-b border-line p-4">
          <h3 className="text-13 font-semibold">Comes from</h3>
          {definition.inputs.map((port) => (
            <InputSource key={port.name} slug={slug} port={port} isOnly={definition.inputs.length === 1} />
          ))}
        </section>
      )}
      {outputs.map((port) => (
        <OutputSchema
          key={port.name}
          port={port}
          isOnly={outputs.length === 1}
          type={entryOf(report?.outputTypes ?? {}, port.name) ?? null}
        />
      ))}
      {outputs.length === 0 &&
        definition.inputs.map((port) => (
          <OutputSchema
            key={port.name}
            port={port}
            isOnly
            type={entryOf(report?.inputTypes ?? {}, port.name) ?? null}
            heading="What is written"
          />
        ))}
    </div>
  );
}

/** The way to connect without a pointer: which output leads to an input. */
function InputSource({ slug, port, isOnly }: { readonly slug: string; readonly port: PortSpec; readonly isOnly: boolean }) {
  const session = useSession();
  const { catalogue } = session.language;
  const pipeline = useEditorState((state) => state.document.pipeline);
  const to = { node: slug, port: port.name };
  const arriving = pipeline.edges.filter((edge) => edge.to === writePortRef(to));
  const options = Object.entries(pipeline.nodes).flatMap(([other, node]) => {
    const definition = catalogue.find(node.type);
    if (other === slug || definition === undefined) return [];
    const ports = outputPorts(node, definition) ?? [];
    return ports.map((output) => ({
      value: writePortRef({ node: other, port: output.name }),
      label:
        ports.length === 1 || output.name === "out"
          ? nodeName(node, catalogue)
          : `${nodeName(node, catalogue)}, ${output.label ?? output.name}`,
    }));
  });
  const choose = (from: string): void => {
    const current = arriving[0];
    const ref = readPortRef(from);
    session.edit({ label: "Connect" }, (document) =>
      current === undefined || port.multiple === true
        ? connect(document, catalogue, ref, to)
        : reconnect(document, catalogue, edgeId(current), ref, to),
    );
  };
  const labelOf = (from: string): string => options.find((option) => option.value === from)?.label ?? from;
  return (
    <div className="flex flex-col gap-1">
      {port.multiple === true &&
        arriving.map((edge) => (
          <div key={edge.from} className="flex h-8 items-center justify-between gap-2 rounded-control bg-surface-2 ps-2 pe-1 text-13">
            <span className="truncate">{labelOf(edge.from)}</span>
            <button
              type="button"
              className="rounded-control px-2 py-1 text-12 text-ink-2 hover:bg-surface-3"
              onClick={() => session.edit({ label: "Disconnect" }, (document) => disconnect(document, edgeId(edge)))}
            >
              Disconnect
            </button>
          </div>
        ))}
      <Select
        label={isOnly ? "Input" : (port.label ?? port.name)}
        hideLabel={isOnly}
        value={port.multiple === true ? null : (arriving[0]?.from ?? null)}
        onValueChange={choose}
        options={port.multiple === true ? options.filter((option) => !arriving.some((edge) => edge.from === option.value)) : options}
        placeholder={port.multiple === true && arriving.length > 0 ? "Add another stream" : "Choose where it comes from"}
      />
    </div>
  );
}

interface OutputSchemaProps {
  readonly port: PortSpec;
  readonly isOnly: boolean;
  readonly type: StreamType | null;
  readonly heading?: string;
}

function OutputSchema({ port, isOnly, type, heading }: OutputSchemaProps) {
  const name = port.label ?? port.name.replaceAll("_", " ");
  return (
    <section className="flex flex-col gap-2 border-b border-line p-4 last:border-b-0">
      <h3 className="text-13 font-semibold">{heading ?? (isOnly || port.name === "out" ? "What comes out" : `At “${name}”`)}</h3>
      {type === null ? (
        <p className="text-13 text-ink-3">Not known yet: finish the settings and connect the inputs.</p>
      ) : (
        <>
          <FieldTable caption={`Fields at ${name}`} fields={type.fields} roles={fieldRoles(type)} />
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 pt-1 text-12">
            {streamFacts(type).map(({ term, value, meaning }) => (
              <div key={term} className="contents" title={meaning}>
                <dt className="text-ink-3">{term}</dt>
                <dd className="text-ink-2">{value}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}
