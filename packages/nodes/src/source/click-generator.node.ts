import { defineNode, param } from "@millrace/engine";
import { checkStart, generatorHeadline, generatorParams, lowerGenerator } from "./generator-params.ts";
import { sourceOutputs } from "./source-outputs.ts";

export const clickGenerator = defineNode({
  type: "click-generator",
  version: 1,
  category: "source",
  label: "Click generator",
  summary: "Makes the clicks of visitors who come, look around, and come back later.",
  docs: `Makes the clicks of the visitors of a shop: \`timestamp\`, \`user_id\`, \`page\`, \`action\` (view, search, add_to_cart, checkout, purchase), \`device\`, and the exposure to a feature that is being tried out: \`feature\` with \`variant\` (control or treatment), both NULL for visitors outside the experiment.

**Sessions.** A visit is a row of clicks with pauses of up to a minute; between two visits of one visitor lies more than half an hour. A session window with a gap of 30 minutes finds exactly the visits. Most visits are short, and one click alone is common.

**Effect.** Visitors in the treatment group buy more often, so that an evaluation of the feature has something to find.

**Time** starts at the moment of the deployment and runs at the given speed. After a restart the stream goes on with the very next record, and the same seed always makes the same records.

**Pitfall.** At a speed above 1×, event time runs ahead of the clock.`,
  icon: "mouse-pointer-click",
  inputs: [],
  outputs: sourceOutputs,
  params: param.params({ ...generatorParams({ ratePerSecond: 20, disorder: "30s" }) }).superRefine(checkStart),
  headline: generatorHeadline,
  lower: ({ params }) => lowerGenerator("clicks", params, {}),
  examples: [
    {
      title: "The first two records of a seed are always the same",
      params: {
        pace: { mode: "fast" },
        range: { start: "2026-01-01T00:00:00Z", count: 2 },
        disturbances: { disorder: "0s" },
      },
      feed: {},
      expect: {
        out: [
          {
            timestamp: 1_767_225_600_001,
            user_id: "u-8930",
            page: "/product/2",
            action: "view",
            device: "mobile",
            feature: "one_page_checkout",
            variant: "control",
          },
          {
            timestamp: 1_767_225_600_052,
            user_id: "u-9956",
            page: "/product/36",
            action: "view",
            device: "mobile",
            feature: "one_page_checkout",
            variant: "treatment",
          },
        ],
        dead_letter: [],
      },
    },
  ],
});
