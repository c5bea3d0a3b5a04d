"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Plug } from "lucide-react";
import { useTRPC } from "../client/trpc.ts";
import { Button } from "../design/Button.tsx";
import { TextField } from "../design/TextField.tsx";

export interface ConnectionFieldProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly service: "kafka" | "postgresql" | "redis" | "schema-registry";
  /** Empty: none yet. */
  readonly name: string;
  readonly onNameChange: (name: string) => void;
  readonly onBlur?: () => void;
}

/** The name of a connection, which can be tried; those that the runtime knows can be picked. Its address is never here. */
export function ConnectionField({ label, help, error, service, name, onNameChange, onBlur }: ConnectionFieldProps) {
  const trpc = useTRPC();
  const trying = useMutation(trpc.connections.test.mutationOptions());
  const known = useQuery(trpc.connections.list.queryOptions({ service }, { staleTime: 60_000, retry: false }));
  // What was found of another name says nothing about this one.
  const isCurrent = trying.variables?.connection === name;
  const others = (known.data?.names ?? []).filter((other) => other !== name);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <TextField
        label={label}
        help={help ?? "The name under which the runtime finds the address and the password; never these themselves."}
        error={error}
        mono
        icon={<Plug size={14} />}
        value={name}
        placeholder={`my-${service}`}
        onValueChange={onNameChange}
        {...(onBlur === undefined ? {} : { onBlur })}
        aside={
          <Button
            size="small"
            variant="quiet"
            className="-my-1.5"
            aria-label={`Test: ${label}`}
            disabled={name === "" || error !== undefined || trying.isPending}
            onClick={() => trying.mutate({ service, connection: name })}
          >
            {trying.isPending ? "Testing …" : "Test"}
          </Button>
        }
      />
      {others.length > 0 && (
        <p className="flex flex-wrap items-baseline gap-x-2 text-12 text-ink-2">
          The runtime knows
          {others.map((other) => (
            <button
              key={other}
              type="button"
              className="rounded-control font-mono text-accent hover:underline"
              aria-label={`Use the connection ${other}`}
              onClick={() => onNameChange(other)}
            >
              {other}
            </button>
          ))}
        </p>
      )}
      <div role="status" className="flex flex-col">
        {isCurrent && trying.data !== undefined && (
          <p className="flex items-start gap-1.5 text-12 text-ink-2">
            <CircleCheck size={14} aria-hidden className="mt-px shrink-0 text-ok" /> It works: {trying.data.found}.
          </p>
        )}
        {isCurrent && trying.error !== null && (
          <p className="flex items-start gap-1.5 text-12 text-danger">
            <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
            <span className="min-w-0 break-words">{trying.error.message}</span>
          </p>
        )}
      </div>
    </div>
  );
}
