import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/app-router.ts";

/** A template as the gallery gets it. */
export type GalleryTemplate = inferRouterOutputs<AppRouter>["templates"]["list"][number];

/** How much one should know already, in a word. */
export const difficultyWords: Record<GalleryTemplate["difficulty"], string> = {
  starter: "Starter",
  intermediate: "Intermediate",
  advanced: "Advanced",
};
