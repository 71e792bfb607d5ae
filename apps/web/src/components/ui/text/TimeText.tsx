"use client";
import { formatClock, formatDistance, formatMoment, msOf } from "../../../format/time.ts";
import { usePreference } from "../../../preferences/usePreference.ts";
import { Tooltip } from "../overlay/Tooltip.tsx";
import { useNow } from "../useNow.ts";

/** A time in the user's preferred form; the tooltip has all forms. */
export function TimeText({ unixNano, withDate = false }: { unixNano: string; withDate?: boolean }) {
  const [clock] = usePreference("clock");
  const now = useNow();
  const ms = msOf(unixNano);
  const absolute = clock === "relative" ? "local" : clock;
  const isToday = formatMoment(ms, absolute).slice(0, 10) === formatMoment(now, absolute).slice(0, 10);
  const shown =
    clock === "relative"
      ? formatDistance(ms, now)
      : isToday && !withDate
        ? formatClock(ms, clock)
        : formatMoment(ms, clock).replace(" UTC", "").slice(0, -4);
  return (
    <Tooltip
      content={
        <span className="grid grid-cols-[auto_auto] gap-x-3 tabular-nums">
          <span className="text-board-muted">UTC</span>
          <span>{formatMoment(ms, "utc").replace(" UTC", "")}</span>
          <span className="text-board-muted">Here</span>
          <span>{formatMoment(ms, "local")}</span>
          <span className="text-board-muted">Ago</span>
          <span>{formatDistance(ms, now)}</span>
        </span>
      }
    >
      <time dateTime={new Date(ms).toISOString()} className="whitespace-nowrap tabular-nums">
        {shown}
      </time>
    </Tooltip>
  );
}
