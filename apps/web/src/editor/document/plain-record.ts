/**
 * Edits of objects that hold foreign names (slugs, parameter names). They have no prototype, so that a name such as
 * `constructor` is a name like any other. All functions leave their argument untouched.
 */
export type PlainRecord<T> = Readonly<Record<string, T>>;

/** The entry under `name`, or undefined; never something inherited. */
export function entryOf<T>(record: PlainRecord<T>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A record of the given entries, in their order. */
export function recordOf<T>(entries: Iterable<readonly [string, T]>): PlainRecord<T> {
  const record: Record<string, T> = Object.create(null);
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** The record with `name` set; a new name comes last. */
export function withEntry<T>(record: PlainRecord<T>, name: string, value: T): PlainRecord<T> {
  if (Object.hasOwn(record, name) && record[name] === value) return record;
  const copy: Record<string, T> = Object.assign(Object.create(null), record);
  copy[name] = value;
  return copy;
}

/** The record with all `entries` set, in one copy. */
export function withEntries<T>(record: PlainRecord<T>, entries: Iterable<readonly [string, T]>): PlainRecord<T> {
  const copy: Record<string, T> = Object.assign(Object.create(null), record);
  let changed = false;
  for (const [name, value] of entries) {
    if (Object.hasOwn(record, name) && record[name] === value) continue;
    copy[name] = value;
    changed = true;
  }
  return changed ? copy : record;
}

/** The record without `names`; the same object when it has none of them. */
export function withoutEntries<T>(record: PlainRecord<T>, names: ReadonlySet<string>): PlainRecord<T> {
  if (!Object.keys(record).some((name) => names.has(name))) return record;
  return recordOf(Object.entries(record).filter(([name]) => !names.has(name)));
}
