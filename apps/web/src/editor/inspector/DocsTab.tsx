import type { NodeDefinition } from "@millrace/engine";
import { ExampleView } from "./docs/ExampleView.tsx";
import { Markdown } from "./docs/Markdown.tsx";

/** What a kind of node does, and its examples, which are run as tests. */
export function DocsTab({ definition }: { readonly definition: NodeDefinition }) {
  return (
    <div className="flex flex-col gap-4 p-4">
      <Markdown text={definition.docs === "" ? definition.summary : definition.docs} />
      {definition.examples.length > 0 && <h3 className="pt-2 text-13 font-semibold">Examples</h3>}
      {definition.examples.map((example) => (
        <ExampleView key={example.title} example={example} />
      ))}
    </div>
  );
}
