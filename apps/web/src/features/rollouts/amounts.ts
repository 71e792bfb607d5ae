import { formatShare } from "../../format/amounts.ts";

/** A number in a table of metrics: four significant digits, without trailing zeros. */
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

/** An e-value: a whole number from ten on, only its magnitude if it is huge. */
export function formatEvidence(value: number | null): string {
  if (value === null) return "–";
  if (value >= 10_000) return `10^${Math.floor(Math.log10(value))}`;
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toFixed(2)));
}

/** A weight in percent of the traffic, formatted like any other share. */
export const formatWeight = (percent: number | null): string => (percent === null ? "–" : formatShare(percent / 100));
