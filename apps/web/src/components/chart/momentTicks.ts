const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const WITHIN_DAY_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE_MS);
const DAYS = [1, 2, 5, 7, 14, 30, 60, 90] as const;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

export type MomentTick = { atMs: number; label: string };

/** Marks on a time axis: round times of the zone's clock, at most `ticksMax`. A day is named at its beginning. */
export function momentTicks(fromMs: number, toMs: number, ticksMax: number, zone: "local" | "utc"): MomentTick[] {
  const leastMs = (toMs - fromMs) / Math.max(1, ticksMax);
  const within = WITHIN_DAY_MS.find((step) => step >= leastMs);
  const moments = within === undefined ? dayStarts(fromMs, toMs, leastMs, zone) : withinDays(fromMs, toMs, within, zone);
  return moments.map((atMs) => ({ atMs, label: labelOf(atMs, zone) }));
}

/** Each day is counted from its own midnight: on a clock change it has another length. */
function withinDays(fromMs: number, toMs: number, stepMs: number, zone: "local" | "utc"): number[] {
  return dayStarts(fromMs - DAY_MS, toMs, DAY_MS, zone).flatMap((dayMs, index, days) => {
    const endMs = days[index + 1] ?? toMs + DAY_MS;
    const moments = [];
    for (let atMs = dayMs; atMs < endMs && atMs <= toMs; atMs += stepMs) if (atMs >= fromMs) moments.push(atMs);
    return moments;
  });
}

function dayStarts(fromMs: number, toMs: number, leastMs: number, zone: "local" | "utc"): number[] {
  const step = DAYS.find((days) => days * DAY_MS >= leastMs) ?? Math.ceil(leastMs / DAY_MS);
  const from = new Date(fromMs);
  const midnight = (days: number): number =>
    zone === "utc"
      ? Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate() + days)
      : new Date(from.getFullYear(), from.getMonth(), from.getDate() + days).getTime();
  const starts = [];
  for (let days = 0; midnight(days) <= toMs; days += step) if (midnight(days) >= fromMs) starts.push(midnight(days));
  return starts;
}

function labelOf(ms: number, zone: "local" | "utc"): string {
  const at = new Date(ms);
  const [month, day, hours, minutes] =
    zone === "utc"
      ? [at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()]
      : [at.getMonth(), at.getDate(), at.getHours(), at.getMinutes()];
  return hours === 0 && minutes === 0
    ? `${day} ${MONTHS[month] ?? ""}`
    : `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
