"use client";

import { useMemo, useState } from "react";
import { LiveCanvas } from "../../editor/LiveCanvas.tsx";
import { useLiveStore, useLiveTopics } from "../../live/LiveProvider.tsx";
import { NodeCharts } from "./charts/NodeCharts.tsx";
import { RunBar } from "./RunBar.tsx";
import { RunNumbers } from "./RunNumbers.tsx";
import { RunProblem } from "./RunProblem.tsx";
import { RunTabs } from "./RunTabs.tsx";
import { readDeployed } from "./read-deployed.ts";
import type { DeployedVersion, RunDeployment, RunPipeline } from "./run-data.ts";
import { SplitPane } from "./SplitPane.tsx";
import { useObservedState } from "./use-observed-state.ts";

export interface RunViewProps {
  readonly pipeline: RunPipeline;
  readonly deployment: RunDeployment;
  readonly deployed: DeployedVersion;
}

/** A deployment as it runs: numbers, canvas, charts of the selected node, and what came out. */
export function RunView({ pipeline, deployment, deployed }: RunViewProps) {
  const store = useLiveStore(deployment.id);
  const observed = useObservedState(deployment, store);
  const run = useMemo(() => readDeployed(deployed.document), [deployed.document]);
  const [selected, setSelected] = useState<string | null>(null);
  const node = selected ?? run.nodes[0]?.slug ?? null;
  useLiveTopics({
    alerts: [pipeline.id],
    deadLetters: [pipeline.id],
    logs: [deployment.id],
    liveTables: run.liveTables.map(({ slug }) => ({ pipelineId: pipeline.id, sinkId: slug })),
  });

  return (
    <div className="flex h-dvh flex-col max-md:h-auto max-md:min-h-dvh">
      <RunBar pipeline={pipeline} deployment={deployment} state={observed.state} store={store} />
      <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        <RunNumbers store={store} status={observed.status} state={observed.state} version={deployment.version} />
        <RunProblem observed={observed} labelOf={run.labelOf} />
        <SplitPane
          name="run"
          top={
            <div className="flex h-full min-h-0 max-md:h-auto max-md:flex-col">
              <section aria-label="Canvas" className="relative min-w-0 flex-1 bg-surface-0 max-md:h-64 max-md:flex-none">
                {run.document !== null && (
                  <LiveCanvas document={run.document} deploymentId={deployment.id} selected={node} onSelect={setSelected} />
                )}
              </section>
              {node !== null && (
                <NodeCharts deploymentId={deployment.id} store={store} nodes={run.nodes} node={node} onNodeChange={setSelected} />
              )}
            </div>
          }
          bottom={<RunTabs pipelineId={pipeline.id} deployment={deployment} name={pipeline.name} run={run} />}
        />
      </main>
    </div>
  );
}
