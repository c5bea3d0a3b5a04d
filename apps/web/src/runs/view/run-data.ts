import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/app-router.ts";

/** What the run view is made from. */
export type RunPipeline = inferRouterOutputs<AppRouter>["pipelines"]["get"];
export type RunDeployment = NonNullable<RunPipeline["deployment"]>;
export type DeployedVersion = NonNullable<RunPipeline["deployed"]>;
