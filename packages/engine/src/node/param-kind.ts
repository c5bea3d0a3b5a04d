import type { FieldType } from "../types/field-type.ts";

/**
 * What kind of value a parameter is. The inspector picks its control by this and never by the node's type;
 * the checker resolves fields and type-checks expressions by it. Attached to a zod schema as metadata.
 */
export type ParamKind =
  | { readonly kind: "text"; readonly multiline?: boolean; readonly placeholder?: string }
  | { readonly kind: "number"; readonly min?: number; readonly max?: number; readonly step?: number; readonly unit?: string }
  | { readonly kind: "toggle" }
  | { readonly kind: "choice"; readonly options: readonly { readonly value: string; readonly label: string; readonly help?: string }[] }
  /** JSON form `5m`, `1h30m`, `250ms`; parsed to ms. */
  | { readonly kind: "duration"; readonly minMs?: number; readonly maxMs?: number }
  /** Name of a field of the input `port`. */
  | { readonly kind: "field"; readonly port: string; readonly types?: readonly FieldType["kind"][] }
  | { readonly kind: "fields"; readonly port: string }
  /** List of `{field, descending?}`: an order by fields of the input `port`. */
  | { readonly kind: "order"; readonly port: string }
  /** SQL scalar expression over the fields of the input `port`; `result` restricts its type. */
  | { readonly kind: "expression"; readonly port: string; readonly result?: "boolean" | "numeric" | "string" | "timestamp" }
  /** Text with `{expression}` holes over the fields of the input `port`. */
  | { readonly kind: "template"; readonly port: string }
  /**
   * List of `{name, value}`: new fields by expression. `stages` names the `pattern-stages` parameter of the same node
   * whose stages the expressions may aggregate.
   */
  | { readonly kind: "named-expressions"; readonly port: string; readonly stages?: string }
  /** List of stages of an event pattern; see `PatternStageParam`. */
  | { readonly kind: "pattern-stages"; readonly port: string }
  /** List of `{name, where}`: named conditions. */
  | { readonly kind: "conditions"; readonly port: string }
  /** List of `{as, fn, argument?, filter?, fraction?, limit?, separator?}`. */
  | { readonly kind: "aggregates"; readonly port: string; readonly functions: readonly string[] }
  /** List of `{name, type}`: what a source's records hold. */
  | { readonly kind: "schema" }
  /** One of the fields declared by this node's own `schema` parameter. */
  | { readonly kind: "own-field"; readonly types?: readonly FieldType["kind"][] }
  /** SQL scalar expression over the fields declared by this node's own `schema` parameter, of one of these types. */
  | { readonly kind: "own-expression"; readonly types: readonly FieldType["kind"][] }
  | { readonly kind: "file-path"; readonly purpose: "read" | "write" }
  | { readonly kind: "url" }
  /** Map of header names to values. */
  | { readonly kind: "headers" }
  /** Name of a secret; never the secret itself. */
  | { readonly kind: "secret" }
  /** Name of a connection to a server of that kind; its address and its password never travel with the pipeline. */
  | { readonly kind: "connection"; readonly service: ConnectionService }
  /** Nested group of parameters, shown under its own heading. */
  | { readonly kind: "group" };

/** Kinds of servers that connections lead to. */
export type ConnectionService = "kafka" | "postgresql" | "redis" | "schema-registry";

/** What the inspector shows around the control. */
export interface ParamText {
  readonly label: string;
  readonly help?: string;
  /** Folded away until asked for. */
  readonly advanced?: boolean;
  /** Shown only while another parameter of the same group has one of these values. */
  readonly visibleWhen?: { readonly param: string; readonly equals: readonly (string | boolean)[] };
}

export interface ParamMeta extends ParamText {
  readonly param: ParamKind;
}
