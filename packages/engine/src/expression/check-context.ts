import { type Diagnostic, error, type Place, type Span, warning } from "../diagnostics/diagnostic.ts";
import type { DiagnosticCode, MessageArguments } from "../diagnostics/messages.ts";
import type { Field } from "../types/field-type.ts";

/** At most this many diagnostics are collected for one expression. */
const maxDiagnostics = 20;

/** What the checker of one expression knows, and where it puts what it finds. */
export class CheckContext {
  readonly text: string;
  readonly fields: readonly Field[];
  readonly errors: Diagnostic[] = [];
  readonly warnings: Diagnostic[] = [];
  readonly #place: Place;
  readonly #indexes = new Map<string, number>();

  constructor(text: string, fields: readonly Field[], place: Place) {
    this.text = text;
    this.fields = fields;
    this.#place = place;
    fields.forEach((field, i) => {
      if (!this.#indexes.has(field.name)) this.#indexes.set(field.name, i);
    });
  }

  /** Index of the field with exactly that name, or -1. */
  indexOf(name: string): number {
    return this.#indexes.get(name) ?? -1;
  }

  get fieldNames(): readonly string[] {
    return [...this.#indexes.keys()];
  }

  /** Adds an error at `span`; gives null, the value of what could not be checked. */
  fail<C extends DiagnosticCode>(code: C, args: MessageArguments<C>, span: Span): null {
    if (this.errors.length < maxDiagnostics) this.errors.push(error(code, args, this.#at(span)));
    return null;
  }

  add(diagnostic: Diagnostic): void {
    if (this.errors.length < maxDiagnostics) this.errors.push(diagnostic);
  }

  warn<C extends DiagnosticCode>(code: C, args: MessageArguments<C>, span: Span): void {
    if (this.warnings.length < maxDiagnostics) this.warnings.push(warning(code, args, this.#at(span)));
  }

  /** True when no further diagnostic would be kept: then costly suggestions are left out. */
  get full(): boolean {
    return this.errors.length >= maxDiagnostics;
  }

  /** The text as it was written, shortened for messages. */
  source(span: Span): string {
    const text = this.text.slice(span.start, span.end).replace(/\s+/g, " ");
    return text.length > 60 ? "…" : text;
  }

  #at(span: Span): Place {
    return { ...this.#place, span: { start: span.start, end: span.end } };
  }
}
