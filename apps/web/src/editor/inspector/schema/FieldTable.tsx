import { type Field, showType } from "@millrace/engine";

export interface FieldTableProps {
  readonly fields: readonly Field[];
  /** Read aloud. */
  readonly caption: string;
  /** Fields with a part to play: `key`, `event time`. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Makes every name a button. */
  readonly onPick?: (name: string) => void;
}

/** The fields of a stream with their types; a click on one can write it somewhere. */
export function FieldTable({ fields, caption, roles = {}, onPick }: FieldTableProps) {
  if (fields.length === 0) return <p className="text-13 text-ink-3">No fields.</p>;
  return (
    <ul aria-label={caption} className="-mx-2 flex flex-col">
      {fields.map((field) => (
        <li key={field.name}>
          <Row field={field} role={Object.hasOwn(roles, field.name) ? roles[field.name] : undefined} onPick={onPick} />
        </li>
      ))}
    </ul>
  );
}

function Row({
  field,
  role,
  onPick,
}: {
  readonly field: Field;
  readonly role: string | undefined;
  readonly onPick: FieldTableProps["onPick"];
}) {
  const content = (
    <>
      <span className="min-w-0 truncate font-mono text-12">{field.name}</span>
      {role !== undefined && <span className="shrink-0 text-12 text-ink-3">{role}</span>}
      <span className="ms-auto min-w-0 shrink-0 truncate ps-2 font-mono text-12 text-ink-3">{showType(field.type)}</span>
    </>
  );
  const classes = "flex h-7 w-full items-center gap-2 rounded-control px-2 text-left";
  if (onPick === undefined) return <div className={classes}>{content}</div>;
  return (
    <button
      type="button"
      className={`${classes} hover:bg-surface-2`}
      title={`Insert ${field.name}`}
      // The expression keeps its focus and its cursor.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onPick(field.name)}
    >
      {content}
    </button>
  );
}
