/** A number as a table of metrics shows it: four significant digits, none to fill up. */
export function formatFigure(value: number | null): string {
  if (value === null) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1).replace("e+", "e");
  return String(Number(value.toPrecision(size >= 1 ? 4 : 3)));
}

/** A difference with its sign. */
export function formatDifference(value: number | null): string {
  if (value === null) return "–";
  return `${value > 0 ? "+" : value < 0 ? "−" : ""}${formatFigure(Math.abs(value))}`;
}

/** Evidence: whole from ten on, with its magnitude alone where it is huge. */
export function formatEvidence(value: number | null): string {
  if (value === null) return "–";
  if (value >= 10_000) return `10^${Math.floor(Math.log10(value))}`;
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toFixed(2)));
}

/** A percentage of the traffic: `5 %`, `24.3 %`. */
export const formatWeight = (percent: number | null): string => (percent === null ? "–" : `${Number(percent.toFixed(1))} %`);

/** A length of time in milliseconds, in the two largest units: `2 h 5 min`, `40 s`. */
export function formatLength(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
