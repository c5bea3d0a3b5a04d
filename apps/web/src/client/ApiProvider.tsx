"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { type ReactNode, useState } from "react";
import type { AppRouter } from "../server/app-router.ts";
import { isTransient } from "./problem-of.ts";
import { TRPCProvider } from "./trpc.ts";

const endpoint = "/api/trpc";

/** Gives the tab its API client and its cache. Stands once, around everything. */
export function ApiProvider({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(newQueryClient);
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === "subscription",
          true: httpSubscriptionLink({ url: endpoint }),
          false: httpBatchLink({ url: endpoint, maxItems: 10, maxURLLength: 4000 }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 2000, refetchOnWindowFocus: true, retry: (count, error) => count < 2 && isTransient(error) },
      mutations: { retry: false },
    },
  });
}
