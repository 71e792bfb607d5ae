import { type Context, createCaller } from "@signalbox/api";
import type { TrafficSample } from "@signalbox/db/clickhouse";
import type { TimeWindow, TraceFilter } from "@signalbox/model";

/** The kinds of queries, each of which has one limit. */
export type QuestionKind = "list" | "trace" | "chart" | "text";

/** A query as the console sends it: straight to the store, and through its procedure. Every call uses another sample. */
export interface Question {
  name: string;
  kind: QuestionKind;
  store: (sample: TrafficSample) => Promise<unknown>;
  procedure: (sample: TrafficSample) => Promise<unknown>;
}

const DAY_MS = 86_400_000;
const LIST_DAYS = 30;
const PAGE_TRACES = 50;

/** The most spans of a trace that the console asks for. */
const SPANS_MAX = 20_000;

/** A cost that about one trace in a hundred of the traffic exceeds. */
const COSTLY_USD = 0.0225;

/** Words that nearly every message contains. */
const COMMON_WORDS = "wefo mole";

/** All questions. A call to the store stands for its procedure's query. */
export function questionsOf(context: Context, { project, longTraceId }: { project: string; longTraceId: string }): Question[] {
  const { traces, trends, now } = context;
  const caller = createCaller(context);
  const window = (days: number): TimeWindow => ({ from: `${now() - days * DAY_MS}000000`, to: `${now() + 60_000}000000` });
  const range = (days: number) => ({ kind: "last" as const, ms: days * DAY_MS });

  const list = (name: string, filterOf: (sample: TrafficSample) => TraceFilter, kind: QuestionKind = "list"): Question => ({
    name,
    kind,
    store: (sample) =>
      traces.list({ project, window: window(LIST_DAYS), filter: filterOf(sample), cursor: null, direction: "older", limit: PAGE_TRACES }),
    procedure: (sample) => caller.traces.list({ project, range: range(LIST_DAYS), filter: filterOf(sample), limit: PAGE_TRACES }),
  });
  const trace = (name: string, idOf: (sample: TrafficSample) => string): Question => ({
    name,
    kind: "trace",
    store: (sample) => traces.trace(project, idOf(sample), SPANS_MAX),
    procedure: (sample) => caller.traces.get({ project, traceId: idOf(sample) }),
  });

  const chart = (name: string, days: number, stepSeconds: number, filter: { model?: string } = {}): Question => ({
    name,
    kind: "chart",
    store: () =>
      Promise.all([trends.overTime({ project, window: window(days), filter, stepSeconds }), trends.behind(project, window(days))]),
    procedure: () => caller.trends.overTime({ project, range: range(days), filter }),
  });

  return [
    list("list, newest first", () => ({})),
    list("list, failed with a model", () => ({ hasErrors: true, model: "gpt-4o" })),
    list("list, by session", ({ session }) => ({ session })),
    list("list, by user", ({ user }) => ({ user })),
    list("list, by cost", () => ({ minCostUsd: COSTLY_USD })),
    trace("trace, 10 spans", ({ traceId }) => traceId),
    trace("trace, 10,000 spans", () => longTraceId),
    chart("latency and errors, 24 hours", 1, 1_800),
    chart("latency and errors, 30 days", 30, 43_200),
    chart("latency and errors of a model, 30 days", 30, 43_200, { model: "gpt-4o" }),
    {
      name: "cost by model, 30 days",
      kind: "chart",
      store: () => trends.costliestModels({ project, window: window(30), filter: {}, stepSeconds: 43_200 }, 10),
      procedure: () => caller.trends.costliestModels({ project, range: range(30) }),
    },
    list("text, a rare word", ({ word }) => ({ words: word }), "text"),
    list("text, two common words", () => ({ words: COMMON_WORDS }), "text"),
  ];
}
