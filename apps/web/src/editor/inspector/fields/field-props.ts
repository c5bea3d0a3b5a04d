import type { Diagnostic, Field, JsonObject, JsonValue, ParamKind, param } from "@millrace/engine";
import type { ParamPath } from "../../document/param-path.ts";

/** One kind of parameter, picked from the closed list by its name. */
export type KindOf<K extends ParamKind["kind"]> = Extract<ParamKind, { readonly kind: K }>;

/** What every control of the settings form is given. */
export interface FieldProps<K extends ParamKind = ParamKind> {
  readonly kind: K;
  readonly label: string;
  readonly help: string | undefined;
  /** What the document holds; the default when it holds nothing; undefined when there is neither. */
  readonly value: JsonValue | undefined;
  /** Sets the value; undefined takes it out of the document, so that the default holds again. */
  readonly onChange: (value: JsonValue | undefined) => void;
  /** Ends a burst of typing: the next change is a step of its own. */
  readonly onSettle: () => void;
  /** What is wrong with the value itself, as words; absent when nothing is. */
  readonly error: string | undefined;
  /** Findings inside the value: paths are below this parameter (`0.where`), spans are in its text. */
  readonly findings: readonly Finding[];
  /** Fields of an input of this node; null while nobody knows them. */
  readonly fieldsOf: (port: string) => readonly Field[] | null;
  /** Fields that this node's own schema declares. */
  readonly ownFields: readonly Field[];
  /** Whether a value may be left out: null is the default. */
  readonly optional: boolean;
  readonly default: JsonValue | undefined;
  /** What a sample is taken of: this node as it stands. Absent or null for nodes that are no sources. */
  readonly sampled?: SampledNode | null;
}

/** A source whose newest records can be looked at. */
export interface SampledNode {
  readonly type: string;
  readonly params: JsonObject;
}

/** A diagnostic inside a parameter. */
export interface Finding {
  /** Below the parameter: empty for the parameter itself, `0.where` inside a list. */
  readonly path: string;
  readonly diagnostic: Diagnostic;
}

/** The findings at one place inside a parameter. */
export function findingsAt(findings: readonly Finding[], path: ParamPath): readonly Diagnostic[] {
  const text = path.join(".");
  return findings.filter((finding) => finding.path === text).map((finding) => finding.diagnostic);
}

/** The words for a field under which these findings stand; undefined for none. Errors come before warnings. */
export function errorWords(diagnostics: readonly Diagnostic[]): string | undefined {
  const first = diagnostics.find(isWrong);
  return first === undefined ? undefined : sentence(first);
}

/** True for an error that is more than a value that is not there yet; the latter is no mistake but work to be done. */
export function isWrong({ severity, code }: Diagnostic): boolean {
  return severity === "error" && code !== "PARAM_MISSING" && code !== "EXPRESSION_EMPTY";
}

/** Message and fix of a diagnostic, one after the other. */
export function sentence({ message, fix }: Diagnostic): string {
  return fix === undefined ? message : `${message} ${fix}`;
}

/** A parameter's registered words and kind. */
export type ParamInfo = param.RegisteredParam;
