import type { RouterOutputs } from "@signalbox/api/client";
import { msOf } from "../../../format/time.ts";

const POLL_MS = 2_000;
const SETTLED_AFTER_MS = 30_000;

/** The most spans of a trace that is still polled. */
const LIVE_SPANS_MAX = 5_000;

/** How often to poll a trace, in milliseconds, while more of it may arrive; `false` once it has settled. */
export function pollMsOf({ spans, summary }: RouterOutputs["traces"]["get"], nowMs: number): number | false {
  if (spans.length > LIVE_SPANS_MAX) return false;
  const isSettled = summary.status !== "incomplete" && nowMs - msOf(summary.endTimeUnixNano) > SETTLED_AFTER_MS;
  return isSettled ? false : POLL_MS;
}
