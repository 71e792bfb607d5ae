/** The demo's clock stands at 15:00 on this day of May 2024; from the next day on flights are on sale. */
export const TODAY = 15;
export const NOW_MINUTES = 15 * 60;
export const DAYS = 30;

const DAY_MINUTES = 24 * 60;

export function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

/** `YYYY-MM-DD` of a day of May. */
export function dateOf(day: number): string {
  return `2024-05-${twoDigits(day)}`;
}

/** `HH:MM:SS` of minutes after midnight, with `+1` behind it from the next midnight on. */
export function timeOf(minutes: number): string {
  const time = `${twoDigits(Math.floor(minutes / 60) % 24)}:${twoDigits(minutes % 60)}:00`;
  return minutes >= DAY_MINUTES ? `${time}+1` : time;
}

/** `YYYY-MM-DDTHH:MM:SS` of minutes after midnight of a day of May. */
export function momentOf(day: number, minutes: number): string {
  return `${dateOf(day + Math.floor(minutes / DAY_MINUTES))}T${timeOf(minutes % DAY_MINUTES)}`;
}
