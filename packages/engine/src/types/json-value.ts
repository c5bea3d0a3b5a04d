/** Any value that JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; those that the engine makes from foreign input have no prototype. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}
