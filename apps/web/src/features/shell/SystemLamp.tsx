"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { classNames } from "../../components/ui/classNames.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const POLL_MS = 10_000;

/** One status lamp for the whole installation; the status screen has the details. */
export function SystemLamp() {
  const trpc = useTRPC();
  const { data, isError } = useQuery(trpc.status.parts.queryOptions(undefined, { refetchInterval: POLL_MS }));
  if (data === undefined && !isError) return null;
  const out = data?.filter((part) => part.state !== "ready") ?? [];
  const isFine = !isError && out.length === 0;
  return (
    <Link
      href="/status"
      className="mr-2 flex h-7 max-w-72 items-center gap-1.5 rounded-md px-1.5 text-sm text-board-muted hover:text-board-ink"
    >
      <span
        aria-hidden
        className={classNames(
          "size-2 shrink-0 rounded-full",
          isFine ? "bg-[oklch(0.75_0.15_155)]" : "bg-[oklch(0.7_0.18_28)] ring-2 ring-[oklch(0.7_0.18_28)]/35",
        )}
      />
      <span className="truncate max-lg:sr-only">{isError ? "Console does not answer" : lampText(out)}</span>
    </Link>
  );
}

function lampText(out: readonly { name: string }[]): string {
  const [first] = out;
  if (first === undefined) return "All parts ready";
  return out.length === 1 ? `${first.name} not ready` : `${out.length} parts not ready`;
}
