/** The form of times: as a distance from now, or in local time or UTC. */
export type Clock = "relative" | "local" | "utc";

const pad = (value: number, digits = 2): string => String(value).padStart(digits, "0");

/** Milliseconds since 1970, from decimal nanoseconds. */
export function msOf(unixNano: string): number {
  return Number(BigInt(unixNano) / 1_000_000n);
}

/** Decimal nanoseconds since 1970, from ISO 8601. */
export function unixNanoOf(iso: string): string {
  return `${Date.parse(iso)}000000`;
}

/** `2026-11-23 14:03:22.120 UTC`; local times have no zone name. */
export function formatMoment(ms: number, clock: "local" | "utc"): string {
  const at = new Date(ms);
  const utc = clock === "utc";
  const date = utc
    ? `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`
    : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${date} ${formatClock(ms, clock)}${utc ? " UTC" : ""}`;
}

/** `2026-11-23 14:00 – 15:30`: a range in minutes, with the second date only if it differs. */
export function formatStretch(fromMs: number, toMs: number, clock: "local" | "utc"): string {
  const [from, to] = [formatMoment(fromMs, clock), formatMoment(toMs, clock)];
  return `${from.slice(0, 16)} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11, 16) : to.slice(0, 16)}`;
}

/** The time of day: `14:03:22.120`. */
export function formatClock(ms: number, clock: "local" | "utc"): string {
  const at = new Date(ms);
  const [hours, minutes, seconds] =
    clock === "utc" ? [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()] : [at.getHours(), at.getMinutes(), at.getSeconds()];
  return `${pad(hours)}:${pad(minutes)}:${pad(seconds)}.${pad(at.getUTCMilliseconds(), 3)}`;
}

const UNITS = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "min", ms: 60_000 },
  { name: "s", ms: 1_000 },
] as const;

/** `12 s ago`, `3 h ago`, `now`; `in 5 s` if the sender's clock is ahead. */
export function formatDistance(ms: number, nowMs: number): string {
  const distance = Math.abs(nowMs - ms);
  const unit = UNITS.find((candidate) => distance >= candidate.ms);
  if (unit === undefined) return "now";
  const text = `${Math.floor(distance / unit.ms)} ${unit.name}`;
  return ms > nowMs ? `in ${text}` : `${text} ago`;
}
