"use client";

import type { Field } from "@millrace/engine";
import { BellRing, CircleCheck, Info, type LucideIcon, OctagonAlert, TriangleAlert } from "lucide-react";
import { useMemo } from "react";
import { Chip, type Tone } from "../../../design/Chip.tsx";
import { EmptyState } from "../../../design/EmptyState.tsx";
import { durationWords } from "../../../design/format/durations.ts";
import { utcWords } from "../../../design/format/times.ts";
import { Time } from "../../../design/Time.tsx";
import type { AlertEntry } from "../../../live/live-event.ts";
import { type Alert, groupAlerts, type Severity } from "./group-alerts.ts";
import { ListState } from "./ListState.tsx";
import { valueWords } from "./value-words.ts";

export interface AlertsTabProps {
  readonly alerts: readonly AlertEntry[] | undefined;
  readonly error: unknown;
  readonly labelOf: (slug: string) => string;
  readonly fieldsOf: (slug: string) => readonly Field[];
}

/** Alerts as they fire, with the numbers that fired them. */
export function AlertsTab({ alerts: entries, error, labelOf, fieldsOf }: AlertsTabProps) {
  const alerts = useMemo(() => groupAlerts(entries ?? []), [entries]);
  if (entries === undefined) return <ListState error={error} what="alerts" />;
  if (alerts.length === 0) {
    return (
      <EmptyState small title="No alert so far">
        Alerts appear here the moment a Threshold alert or a pattern raises them into an Alert inbox.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Alerts, newest first" aria-live="polite" className="flex flex-col">
      {alerts.map((alert) => (
        <AlertLine key={alert.id} alert={alert} source={labelOf(alert.sink)} fields={fieldsOf(alert.sink)} />
      ))}
    </ul>
  );
}

interface SeverityLook {
  readonly word: string;
  readonly icon: LucideIcon;
  readonly color: string;
}

const looks: Record<Severity, SeverityLook> = {
  critical: { word: "Critical", icon: OctagonAlert, color: "text-danger" },
  warning: { word: "Warning", icon: TriangleAlert, color: "text-warn" },
  info: { word: "Info", icon: Info, color: "text-info" },
};
const unknownLook: SeverityLook = { word: "Alert", icon: BellRing, color: "text-ink-2" };

interface AlertLineProps {
  readonly alert: Alert;
  /** Label of the inbox. */
  readonly source: string;
  readonly fields: readonly Field[];
}

function AlertLine({ alert, source, fields }: AlertLineProps) {
  const { word, icon: Icon, color } = alert.severity === null ? unknownLook : looks[alert.severity];
  const isRaised = alert.state === "raised";
  return (
    <li className="grid animate-rise grid-cols-[104px_minmax(0,1fr)_auto] items-start gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 last:border-b-0 max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <span className={`flex items-center gap-1.5 text-13 font-medium ${isRaised ? color : "text-ink-3"}`}>
        <Icon size={15} aria-hidden />
        {word}
      </span>
      <div className="min-w-0 max-sm:col-span-2 max-sm:row-start-2">
        <p className={`text-13 font-medium ${isRaised ? "text-ink" : "text-ink-2"}`}>{alert.title}</p>
        <Numbers alert={alert} fields={fields} />
      </div>
      <div className="flex flex-col items-end gap-1 text-12 text-ink-3 max-sm:col-start-2 max-sm:row-start-1 max-sm:flex-row-reverse max-sm:items-center max-sm:gap-2">
        <AlertStateChip alert={alert} />
        <span title={`Written by ${source}`}>
          <Time atMs={alert.atMs} />
        </span>
      </div>
    </li>
  );
}

function AlertStateChip({ alert }: { readonly alert: Alert }) {
  const tone: Tone = alert.state === "raised" ? "danger" : "neutral";
  const { raisedAtMs, clearedAtMs } = alert;
  const lasted = raisedAtMs !== null && clearedAtMs !== null ? ` after ${durationWords(clearedAtMs - raisedAtMs)}` : "";
  return (
    <span title={raisedAtMs === null ? undefined : `Raised at ${utcWords(raisedAtMs)} in event time`}>
      <Chip tone={tone} icon={alert.state === "raised" ? <BellRing size={12} aria-hidden /> : <CircleCheck size={12} aria-hidden />}>
        {alert.state === "raised" ? "Raised" : `Cleared${lasted}`}
      </Chip>
    </span>
  );
}

function Numbers({ alert, fields }: { readonly alert: Alert; readonly fields: readonly Field[] }) {
  const numbers = Object.entries(alert.numbers);
  if (numbers.length === 0) return null;
  const types = new Map(fields.map((field) => [field.name, field.type]));
  return (
    <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-12">
      {numbers.map(([name, value]) => (
        <div key={name} className="flex min-w-0 gap-1.5">
          <dt className="font-mono text-ink-3">{name}</dt>
          <dd className="truncate font-mono text-ink-2">{valueWords(value, types.get(name))}</dd>
        </div>
      ))}
    </dl>
  );
}
