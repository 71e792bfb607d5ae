"use client";
import { CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import { useNow } from "../../components/ui/useNow.ts";
import { formatCount } from "../../format/amounts.ts";
import { formatClock, formatDistance, formatMoment } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { Line } from "./Line.tsx";

/** Lag of the collector from which people have to wait, in milliseconds. */
const BEHIND_MS = 10_000;

/** The time up to which everything is readable, and whether everything adds up until then. */
export function Watermark({ untilMs, waiting, discrepancies }: { untilMs: number | null; waiting: number; discrepancies: number }) {
  const [clock] = usePreference("clock");
  const now = useNow();
  const zone = clock === "utc" ? "utc" : "local";
  if (untilMs === null)
    return (
      <Line icon={<CircleHelp className="size-4 text-caution-mark" aria-hidden />} tone="caution">
        The collector does not answer. Up to when everything is readable is not known, and nothing below is judged.
      </Line>
    );
  const isToday = formatMoment(untilMs, zone).slice(0, 10) === formatMoment(now, zone).slice(0, 10);
  const moment = isToday ? `${formatClock(untilMs, zone).slice(0, 8)}${zone === "utc" ? " UTC" : ""}` : formatMoment(untilMs, zone);
  const isBehind = now - untilMs > BEHIND_MS;
  return (
    <>
      <Line
        icon={
          isBehind ? (
            <TriangleAlert className="size-4 text-caution-mark" aria-hidden />
          ) : (
            <CircleCheck className="size-4 text-clear-mark" aria-hidden />
          )
        }
        tone={isBehind ? "caution" : "plain"}
      >
        Everything received up to <time dateTime={new Date(untilMs).toISOString()}>{moment}</time> is readable
        {isBehind && ` (${formatDistance(untilMs, now)})`}.
        {waiting > 0 && ` ${formatCount(waiting)} accepted ${waiting === 1 ? "record waits" : "records wait"} in the journal.`}
      </Line>
      <Line
        icon={
          discrepancies === 0 ? (
            <CircleCheck className="size-4 text-clear-mark" aria-hidden />
          ) : (
            <TriangleAlert className="size-4 text-danger-mark" aria-hidden />
          )
        }
        tone={discrepancies === 0 ? "plain" : "danger"}
      >
        {discrepancies === 0 ? "Until then, the numbers add up." : "Until then, the numbers do not add up: what differs is marked below."}
      </Line>
    </>
  );
}
