import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { SessionListPage } from "../../features/sessions/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Sessions" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** A trace id as in links of AgentOps' SDK: hex digits, with or without hyphens. */
const TRACE_ID = /^[0-9a-f]{32}$/;

export default async function Page({ searchParams }: Props) {
  const { trace_id: given, project } = await searchParams;
  const traceId = typeof given === "string" ? given.replaceAll("-", "").toLowerCase() : "";
  if (TRACE_ID.test(traceId)) redirect(`/traces/${traceId}${typeof project === "string" ? `?${new URLSearchParams({ project })}` : ""}`);
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading sessions" />}>
      <SessionListPage />
    </Suspense>
  );
}
