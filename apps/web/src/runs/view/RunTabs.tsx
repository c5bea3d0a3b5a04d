"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "../../client/trpc.ts";
import { TabPanel, Tabs } from "../../design/Tabs.tsx";
import type { DeployedRun } from "./read-deployed.ts";
import type { RunDeployment } from "./run-data.ts";
import { ActivityTab } from "./tabs/ActivityTab.tsx";
import { AlertsTab } from "./tabs/AlertsTab.tsx";
import { DeadLettersTab } from "./tabs/DeadLettersTab.tsx";
import { groupAlerts } from "./tabs/group-alerts.ts";
import { LiveTableTab } from "./tabs/LiveTableTab.tsx";
import { LogsTab } from "./tabs/LogsTab.tsx";
import { RehearsalTab } from "./tabs/RehearsalTab.tsx";
import { SavepointsTab } from "./tabs/SavepointsTab.tsx";
import { TabCount } from "./tabs/TabCount.tsx";
import { useStreamEntries } from "./use-stream-entries.ts";

export interface RunTabsProps {
  readonly pipelineId: string;
  readonly name: string;
  readonly deployment: RunDeployment;
  readonly run: DeployedRun;
}

type Tab = "alerts" | "table" | "dead" | "savepoints" | "rehearsal" | "logs" | "activity";

/** What came out of the run: alerts, rows, dead letters, logs, and who did what. */
export function RunTabs({ pipelineId, name, deployment, run }: RunTabsProps) {
  const trpc = useTRPC();
  const [tab, setTab] = useState<Tab>("alerts");
  const alertsQuery = trpc.alerts.list.queryOptions({ pipelineId });
  const alerts = useQuery(alertsQuery);
  useStreamEntries(alertsQuery.queryKey, (event) => (event.kind === "alerts" && event.pipelineId === pipelineId ? event.entries : null));
  const deadQuery = trpc.deadLetters.list.queryOptions({ pipelineId });
  const dead = useQuery(deadQuery);
  useStreamEntries(deadQuery.queryKey, (event) => (event.kind === "deadLetters" && event.pipelineId === pipelineId ? event.entries : null));

  const active = groupAlerts(alerts.data ?? []).filter((alert) => alert.state === "raised").length;
  const items = [
    { value: "alerts", label: "Alerts", badge: <TabCount count={active} tone="danger" meaning="raised now" /> },
    { value: "table", label: "Live table" },
    { value: "dead", label: "Dead letters", badge: <TabCount count={dead.data?.length ?? 0} tone="warn" meaning="kept" /> },
    { value: "savepoints", label: "Savepoints" },
    { value: "rehearsal", label: "Rehearsal" },
    { value: "logs", label: "Logs" },
    { value: "activity", label: "Activity" },
  ] as const;

  return (
    <Tabs label="Results of the run" value={tab} onValueChange={setTab} items={items} className="h-full">
      <TabPanel value="alerts" className="overflow-auto">
        <AlertsTab alerts={alerts.data} error={alerts.error} labelOf={run.labelOf} fieldsOf={run.fieldsOf} />
      </TabPanel>
      <TabPanel value="table" className="overflow-auto">
        <LiveTableTab pipelineId={pipelineId} tables={run.liveTables} />
      </TabPanel>
      <TabPanel value="dead" className="overflow-auto">
        <DeadLettersTab
          pipelineId={pipelineId}
          isSource={(slug) => run.nodes.some((node) => node.slug === slug && node.category === "source")}
          letters={dead.data}
          error={dead.error}
          labelOf={run.labelOf}
        />
      </TabPanel>
      <TabPanel value="savepoints" className="overflow-auto">
        <SavepointsTab pipelineId={pipelineId} deploymentId={deployment.id} isRunning={deployment.desired === "RUNNING"} />
      </TabPanel>
      <TabPanel value="rehearsal" className="overflow-auto">
        <RehearsalTab
          pipelineId={pipelineId}
          deploymentId={deployment.id}
          isRunning={deployment.desired === "RUNNING"}
          tables={run.liveTables}
        />
      </TabPanel>
      <TabPanel value="logs" className="overflow-auto">
        <LogsTab deploymentId={deployment.id} />
      </TabPanel>
      <TabPanel value="activity" className="overflow-auto">
        <ActivityTab pipelineId={pipelineId} name={name} running={deployment.desired === "RUNNING" ? deployment.version : null} />
      </TabPanel>
    </Tabs>
  );
}
