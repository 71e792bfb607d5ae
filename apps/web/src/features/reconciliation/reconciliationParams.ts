import { IngestSource } from "@signalbox/model";
import { parseAsStringLiteral } from "nuqs";

/** Time ranges that end now. */
export const RANGES = [
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "6h", label: "Last 6 hours" },
  { value: "24h", label: "Last 24 hours" },
] as const;

/** The URL parameters of the page: without a source all of them are shown together. */
export const RECONCILIATION_PARAMS = {
  range: parseAsStringLiteral(RANGES.map(({ value }) => value)).withDefault("1h"),
  source: parseAsStringLiteral(IngestSource.options),
  view: parseAsStringLiteral(["chart", "table"]).withDefault("chart"),
};
