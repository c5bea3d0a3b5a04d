"use client";

import { createTRPCContext } from "@trpc/tanstack-react-query";
import type { AppRouter } from "../server/app-router.ts";

/**
 * The typed API. In a component: `const trpc = useTRPC()`, then `useQuery(trpc.pipelines.list.queryOptions())` or
 * `useMutation(trpc.pipelines.saveDraft.mutationOptions())`; outside of rendering: `useTRPCClient()`.
 */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
