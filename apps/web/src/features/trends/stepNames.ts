const UNITS = [
  { seconds: 604_800, one: "week" },
  { seconds: 86_400, one: "day" },
  { seconds: 3_600, one: "hour" },
  { seconds: 60, one: "minute" },
] as const;

/** The width of a step in words: `15 minutes`, `1 hour`. */
export function stepName(seconds: number): string {
  const unit = UNITS.find((candidate) => seconds % candidate.seconds === 0);
  if (unit === undefined) return `${seconds} s`;
  const count = seconds / unit.seconds;
  return `${count} ${unit.one}${count === 1 ? "" : "s"}`;
}
