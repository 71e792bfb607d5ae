import type { RouterInputs } from "@signalbox/api/client";
import { createSerializer, parseAsBoolean, parseAsFloat, parseAsString, parseAsStringLiteral } from "nuqs";

/** Time ranges that end now, by the word that the URL has for them. */
export const LAST_RANGES = [
  { value: "15m", label: "Last 15 minutes", ms: 15 * 60_000 },
  { value: "1h", label: "Last hour", ms: 3_600_000 },
  { value: "6h", label: "Last 6 hours", ms: 6 * 3_600_000 },
  { value: "24h", label: "Last 24 hours", ms: 86_400_000 },
  { value: "7d", label: "Last 7 days", ms: 7 * 86_400_000 },
  { value: "30d", label: "Last 30 days", ms: 30 * 86_400_000 },
  { value: "1y", label: "Last year", ms: 365 * 86_400_000 },
] as const;

/** How a trace can have ended, in the URL's words. */
export const STATUSES = ["ok", "error", "incomplete"] as const;

export type LastRange = (typeof LAST_RANGES)[number]["value"];

/** Everything about the list that a link must reproduce. A range between two moments counts before one that ends now. */
export const LIST_PARAMS = {
  range: parseAsStringLiteral(LAST_RANGES.map((range) => range.value)).withDefault("24h"),
  from: parseAsString,
  to: parseAsString,
  q: parseAsString,
  status: parseAsStringLiteral(STATUSES),
  errors: parseAsBoolean,
  name: parseAsString,
  model: parseAsString,
  session: parseAsString,
  user: parseAsString,
  tag: parseAsString,
  minMs: parseAsFloat,
  minUsd: parseAsFloat,
};

/** The list's part of a URL as values. */
export type ListParams = {
  range: LastRange;
  from: string | null;
  to: string | null;
  q: string | null;
  status: (typeof STATUSES)[number] | null;
  errors: boolean | null;
  name: string | null;
  model: string | null;
  session: string | null;
  user: string | null;
  tag: string | null;
  minMs: number | null;
  minUsd: number | null;
};

/** The list's part of a link, to carry it from the list to a trace and back. */
export const listLink = createSerializer(LIST_PARAMS);

type ListInput = Pick<RouterInputs["traces"]["list"], "range" | "filter">;

/** What the URL asks the server for. A range that names no moments is taken as if it were not there. */
export function listInputOf(params: ListParams): { range: ListInput["range"]; filter: NonNullable<ListInput["filter"]> } {
  const { status, name, model, session, user, tag } = params;
  const filter = {
    status,
    name,
    model,
    session,
    user,
    tag,
    text: params.q,
    hasErrors: params.errors === true ? true : null,
    minDurationMs: params.minMs,
    minCostUsd: params.minUsd,
  };
  return {
    range: rangeOf(params),
    filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null && value !== "")),
  };
}

function rangeOf({ range, from, to }: ListParams): ListInput["range"] {
  const [fromMs, toMs] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
  if (fromMs < toMs) return { kind: "between", from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const last = LAST_RANGES.find((candidate) => candidate.value === range);
  return { kind: "last", ms: last?.ms ?? 86_400_000 };
}
