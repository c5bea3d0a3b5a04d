"use client";

import { useMutation } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Plug } from "lucide-react";
import { useTRPC } from "../../../client/trpc.ts";
import { Button } from "../../../design/Button.tsx";
import { TextField } from "../../../design/TextField.tsx";
import type { FieldProps, KindOf } from "./field-props.ts";

/** The name of a connection, which can be tried; its address is never in a pipeline. */
export function ConnectionParamField({ kind, label, help, value, error, onChange, onSettle }: FieldProps<KindOf<"connection">>) {
  const name = typeof value === "string" ? value : "";
  const trpc = useTRPC();
  const trying = useMutation(trpc.connections.test.mutationOptions());
  // What was found of another name says nothing about this one.
  const isCurrent = trying.variables?.connection === name;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <TextField
        label={label}
        help={help ?? "The name under which the runtime finds the address and the password; never these themselves."}
        error={error}
        mono
        icon={<Plug size={14} />}
        value={name}
        placeholder={`my-${kind.service}`}
        onValueChange={(next) => onChange(next === "" ? undefined : next)}
        onBlur={onSettle}
        aside={
          <Button
            size="small"
            variant="quiet"
            className="-my-1"
            aria-label={`Test: ${label}`}
            disabled={name === "" || error !== undefined || trying.isPending}
            onClick={() => trying.mutate({ service: kind.service, connection: name })}
          >
            {trying.isPending ? "Testing …" : "Test"}
          </Button>
        }
      />
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
