/** The demo's clock stands at 15:00 on this day of May 2024; flights from the next day on are on sale. */
export const TODAY = 15;
export const NOW_MINUTES = 15 * 60;
export const DAYS = 30;

const DAY_MINUTES = 24 * 60;

export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** A day of May as `YYYY-MM-DD`. */
export function dateOf(day: number): string {
  return `2024-05-${twoDigits(day)}`;
}

/** Minutes after midnight as `HH:MM:SS`, followed by `+1` from the next midnight on. */
export function timeOf(minutes: number): string {
  const time = `${twoDigits(Math.floor(minutes / 60) % 24)}:${twoDigits(minutes % 60)}:00`;
  return minutes >= DAY_MINUTES ? `${time}+1` : time;
}

/** Minutes after midnight of a day of May, as `YYYY-MM-DDTHH:MM:SS`. */
export function momentOf(day: number, minutes: number): string {
  return `${dateOf(day + Math.floor(minutes / DAY_MINUTES))}T${timeOf(minutes % DAY_MINUTES)}`;
}
