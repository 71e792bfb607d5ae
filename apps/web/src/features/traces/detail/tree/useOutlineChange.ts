"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import type { SpanOutline } from "./traceTree.ts";

/** Refetches the shown conversation, decisions and selected span when a trace's outline has changed, since new spans may add to each. */
export function useOutlineChange(spans: readonly SpanOutline[]): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const known = useRef(spans);
  useEffect(() => {
    if (known.current === spans) return;
    known.current = spans;
    for (const asked of [trpc.traces.conversation, trpc.traces.span, trpc.decisions.byTrace])
      void queryClient.invalidateQueries(asked.pathFilter());
  }, [spans, trpc, queryClient]);
}
