import { type Template, templateOnKafka } from "@millrace/nodes";
import { z } from "zod";
import { Problem } from "../../errors/problem.ts";
import { connectionName } from "../../pipelines/connection-name.ts";
import { createPipeline } from "../../pipelines/create-pipeline.ts";
import { pipelineName } from "../../pipelines/pipeline-id.ts";
import { requirePipeline, rewritePipeline } from "../../pipelines/pipeline-text.ts";
import { findTemplate } from "../../pipelines/templates.ts";
import { procedure } from "../../trpc.ts";

const topic = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'a topic is named by letters, digits, ".", "_" and "-"');

/** Where the data lies; without it, the template makes its own. Topics by slug of the node. */
const kafka = z.strictObject({ connection: connectionName, topics: z.record(z.string().max(63), topic) });

/** A new pipeline that starts as a copy of a template, over generated data or over topics of Kafka. Returns its id. */
export const createFromTemplate = procedure({ role: "editor" })
  .input(z.strictObject({ templateId: z.string().max(63), name: pipelineName.optional(), kafka: kafka.optional() }))
  .mutation(({ ctx, input }) => {
    const template = findTemplate(input.templateId);
    const document = requirePipeline(documentOf(template, input.kafka), "Choose another template.");
    const name = input.name ?? template.title;
    return createPipeline(ctx.services, ctx.actor, {
      name,
      text: (id) => rewritePipeline(document, { id, name }),
      action: "pipeline.create",
    });
  });

function documentOf(template: Template, choice: z.infer<typeof kafka> | undefined): string {
  if (choice === undefined) return template.document;
  if (template.kafka !== undefined) return templateOnKafka(template, choice);
  throw new Problem({
    transport: "BAD_REQUEST",
    code: "TEMPLATE_NOT_ON_KAFKA",
    message: `${template.title} has no sources that Kafka can take the place of.`,
    fix: "Open it with its own data, and put a Kafka source into it.",
  });
}
