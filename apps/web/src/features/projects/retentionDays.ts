const DAYS_MAX = 36_500;
const DAY_MS = 86_400_000;

/** For how many days a text of the form says that telemetry is kept: null is for ever. Undefined where it says neither. */
export function retentionDaysOf(text: string): number | null | undefined {
  const days = text.trim();
  if (days === "") return null;
  return /^\d{1,5}$/.test(days) && Number(days) >= 1 && Number(days) <= DAYS_MAX ? Number(days) : undefined;
}

/** The first day (ISO 8601, UTC) that is kept at a moment (milliseconds since 1970), as the controller reckons. */
export function firstDayKept(days: number, nowMs: number): string {
  return new Date(nowMs - days * DAY_MS).toISOString().slice(0, 10);
}
