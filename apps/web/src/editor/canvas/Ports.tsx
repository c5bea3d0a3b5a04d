import { Handle, Position } from "@xyflow/react";
import { memo } from "react";
import type { CardPort, CardPorts } from "./card-ports.ts";
import { cardWidth, hasPortRows, portTop } from "./card-size.ts";

export interface PortsProps {
  readonly ports: CardPorts;
  readonly connectable: boolean;
}

/** The handles of a card: inputs left, outputs right, side ports at the bottom. */
export const PortHandles = memo(function PortHandles({ ports, connectable }: PortsProps) {
  const rows = hasPortRows(ports);
  return (
    <>
      {ports.inputs.map((port, i) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Left}
          isConnectable={connectable}
          style={{ top: portTop(ports, i) }}
          {...looks(port)}
        >
          {!rows && <span className="port-name port-name-left">{port.label}</span>}
        </Handle>
      ))}
      {ports.outputs.map((port, i) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Right}
          isConnectable={connectable}
          style={{ top: portTop(ports, i) }}
          {...looks(port)}
        >
          {!rows && <span className="port-name port-name-right">{port.label}</span>}
        </Handle>
      ))}
      {ports.sides.map((port, i) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Bottom}
          isConnectable={connectable}
          style={{ left: sideLeft(ports.sides.length, i) }}
          {...looks(port)}
          data-side
        >
          {/* Names of neighbours would cover each other on one line. */}
          <span className="port-name port-name-below" style={{ top: 12 + (ports.sides.length - 1 - i) * 22 }}>
            {port.label}
          </span>
        </Handle>
      ))}
    </>
  );
});

/** The names of the ports inside the card, when one side has more than one. */
export const PortRows = memo(function PortRows({ ports }: { readonly ports: CardPorts }) {
  if (!hasPortRows(ports)) return null;
  const count = Math.max(ports.inputs.length, ports.outputs.length);
  return (
    <div className="port-rows">
      {Array.from({ length: count }, (_, i) => (
        // Rows have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={i} className="port-row">
          <span>{ports.inputs.length > 1 ? ports.inputs[i]?.label : ""}</span>
          <span>{ports.outputs.length > 1 ? ports.outputs[i]?.label : ""}</span>
        </div>
      ))}
    </div>
  );
});

function looks(port: CardPort) {
  return { "data-connected": port.connected || undefined, "data-unknown": port.unknown || undefined, "data-label": port.label };
}

/** Side ports stand from the right, 40 px apart, clear of the corner. */
function sideLeft(count: number, index: number): number {
  return cardWidth - 24 - (count - 1 - index) * 40;
}
