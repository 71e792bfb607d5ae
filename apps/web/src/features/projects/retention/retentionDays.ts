const DAYS_MAX = 36_500;
const DAY_MS = 86_400_000;

/** The retention in days of a text in the form; null (empty) is for ever, undefined is invalid. */
export function retentionDaysOf(text: string): number | null | undefined {
  const days = text.trim();
  if (days === "") return null;
  return /^\d{1,5}$/.test(days) && Number(days) >= 1 && Number(days) <= DAYS_MAX ? Number(days) : undefined;
}

/** The first day (ISO 8601, UTC) that is kept as of `nowMs` (milliseconds since 1970), calculated as in the controller. */
export function firstDayKept(days: number, nowMs: number): string {
  return new Date(nowMs - days * DAY_MS).toISOString().slice(0, 10);
}
