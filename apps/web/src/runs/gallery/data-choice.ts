import type { GalleryTemplate } from "./template.ts";

/** Where the data of a template is to come from. */
export type DataChoice =
  | { readonly kind: "simulated" }
  | { readonly kind: "kafka"; readonly connection: string; readonly topics: Readonly<Record<string, string>> };

/** A connection yet to be named, and the topics that the template suggests. */
export function kafkaChoice(template: GalleryTemplate): DataChoice {
  const topics = Object.fromEntries((template.kafka ?? []).map(({ node, topic }) => [node, topic]));
  return { kind: "kafka", connection: "", topics };
}

const connectionForm = /^[a-z][a-z0-9_-]{0,62}$/;
const topicForm = /^[A-Za-z0-9._-]{1,249}$/;

/** What is wrong with the name of a connection; undefined for nothing, and for a name that is not there yet. */
export function connectionError(name: string): string | undefined {
  if (name === "" || connectionForm.test(name)) return undefined;
  return 'A connection is named by small letters, digits, "_" and "-", beginning with a letter.';
}

/** What is wrong with the name of a topic; undefined for nothing, and for a name that is not there yet. */
export function topicError(topic: string): string | undefined {
  return topic === "" || topicForm.test(topic) ? undefined : 'A topic is named by letters, digits, ".", "_" and "-".';
}

/** Whether a pipeline can be made of it. */
export function isComplete(choice: DataChoice): boolean {
  if (choice.kind === "simulated") return true;
  return connectionForm.test(choice.connection) && Object.values(choice.topics).every((topic) => topicForm.test(topic));
}
