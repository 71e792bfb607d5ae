"use client";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { classNames } from "../../../components/ui/classNames.ts";
import { Skeleton } from "../../../components/ui/Skeleton.tsx";
import { formatMoment, msOf } from "../../../format/time.ts";
import { usePreference } from "../../../preferences/usePreference.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { type ListParams, listInputOf } from "./listParams.ts";

const BUCKETS = 96;
const POLL_MS = 10_000;

/** When traces began, failed ones apart; dragging over a stretch chooses it as the time range. */
export function TraceHistogram({
  params,
  isLive,
  onZoom,
}: {
  params: ListParams;
  isLive: boolean;
  onZoom: (from: string, to: string) => void;
}) {
  const trpc = useTRPC();
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const chart = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const { data } = useQuery(
    trpc.traces.histogram.queryOptions(
      { ...listInputOf(params), buckets: BUCKETS },
      { refetchInterval: isLive ? POLL_MS : false, placeholderData: (previous) => previous },
    ),
  );
  if (data === undefined)
    return (
      <div className="flex h-16 shrink-0 items-end border-b border-line bg-surface px-4 pb-5">
        <Skeleton className="h-2 w-full" />
      </div>
    );

  const fromMs = msOf(data.window.from);
  const widthMs = (msOf(data.window.to) - fromMs) / data.buckets;
  const filled = new Map(data.filled.map((bucket) => [bucket.bucket, bucket]));
  const most = data.filled.reduce((max, bucket) => Math.max(max, bucket.traces), 1);
  const momentOf = (bucket: number): string => formatMoment(fromMs + bucket * widthMs, zone).slice(0, 16);
  const bucketAt = (clientX: number): number => {
    const { left, width } = chart.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.max(0, Math.min(data.buckets - 1, Math.floor(((clientX - left) / width) * data.buckets)));
  };
  const [start, end] = drag === null ? [-1, -1] : [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];

  return (
    <figure className="shrink-0 border-b border-line bg-surface px-4 pt-2 pb-1">
      <div
        ref={chart}
        className="relative flex h-9 touch-none select-none items-end gap-px"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = bucketAt(event.clientX);
          setDrag({ from: at, to: at });
        }}
        onPointerMove={(event) => {
          const at = bucketAt(event.clientX);
          setDrag((old) => (old === null ? null : { ...old, to: at }));
        }}
        onPointerUp={() => {
          setDrag(null);
          if (end > start) onZoom(new Date(fromMs + start * widthMs).toISOString(), new Date(fromMs + (end + 1) * widthMs).toISOString());
        }}
        onPointerCancel={() => setDrag(null)}
      >
        {Array.from({ length: data.buckets }, (_, bucket) => {
          const { traces = 0, failed = 0 } = filled.get(bucket) ?? {};
          const label = `${momentOf(bucket)}: ${traces} ${traces === 1 ? "trace" : "traces"}${failed > 0 ? `, ${failed} failed` : ""}`;
          return (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a slice of time is its index
              key={bucket}
              title={label}
              className={classNames(
                "flex h-full min-w-0 flex-1 flex-col justify-end hover:bg-hover",
                bucket >= start && bucket <= end && "bg-accent-soft",
              )}
            >
              {failed > 0 && <div className="bg-danger-mark" style={{ height: `${(failed / most) * 100}%`, minHeight: 2 }} />}
              {traces > failed && <div className="bg-accent/55" style={{ height: `${((traces - failed) / most) * 100}%`, minHeight: 2 }} />}
              {traces === 0 && <div className="h-px bg-line" />}
            </div>
          );
        })}
      </div>
      <figcaption className="flex justify-between pt-0.5 text-xs text-faint tabular-nums">
        <span>{momentOf(0)}</span>
        <span className="sr-only">
          Traces over time{data.filled.map(({ bucket, traces, failed }) => `; ${momentOf(bucket)}: ${traces} traces, ${failed} failed`)}
        </span>
        <span>{momentOf(data.buckets)}</span>
      </figcaption>
    </figure>
  );
}
