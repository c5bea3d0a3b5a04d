"use client";

import { counterState, counterWords } from "@millrace/engine";
import { useEffect, useState } from "react";
import { countWords } from "../../../design/format/numbers.ts";
import { LiveNodeNumber } from "../../../live/LiveNumber.tsx";
import type { LiveStore } from "../../../live/live-store.ts";

/** What a node counts beyond what all nodes do: the phase of a snapshot join, evictions, answers of a cache. Nothing for most nodes. */
export function NodeCounters({ store, slug }: { readonly store: LiveStore | null; readonly slug: string }) {
  const names = useCounterNames(store, slug);
  if (names.length === 0) return null;
  return (
    <section aria-label="Counters" className="border-t border-line pt-3">
      <dl className="grid grid-cols-3 gap-x-3 gap-y-2 text-12">
        {names.map((name) => (
          <div key={name} className="min-w-0" title={counterWords(name).help}>
            <dt className="truncate text-ink-3">{counterWords(name).label}</dt>
            <dd className="text-13 font-medium text-ink">
              <LiveNodeNumber store={store} slug={slug} read={({ counters }) => counterText(name, counters[name] ?? 0)} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function counterText(name: string, value: number): string {
  return counterState(name, value) ?? countWords(value);
}

/** The names of a node's counters. They do not change while a deployment runs, but for its first frame. */
function useCounterNames(store: LiveStore | null, slug: string): readonly string[] {
  const [known, setKnown] = useState<{ readonly slug: string; readonly names: readonly string[] }>({ slug, names: [] });
  useEffect(
    () =>
      store?.subscribeNode(slug, ({ counters }) => {
        const names = Object.keys(counters);
        setKnown((before) => (before.slug === slug && before.names.join() === names.join() ? before : { slug, names }));
      }),
    [store, slug],
  );
  return known.slug === slug ? known.names : [];
}
