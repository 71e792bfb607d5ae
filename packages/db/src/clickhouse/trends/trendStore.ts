import type { ClickHouseClient } from "@clickhouse/client";
import type { TimeWindow } from "@signalbox/model";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { SKETCH, SKETCH_PARAMS } from "./trendRollups.ts";

/** Limits a chart to some traces and calls. A condition on the model leaves only calls. */
export type TrendFilter = { service?: string | undefined; model?: string | undefined };

/** A chart over time: `stepSeconds` is the width of a point, at least a minute and a divisor or a multiple of an hour. */
export type TrendQuery = { project: string; window: TimeWindow; filter: TrendFilter; stepSeconds: number };

/**
 * The number of traces or calls, the number of failures, and the quantiles
 * of their durations in milliseconds (50, 95 and 99 %, accurate to 1 %).
 */
export type TrendFigures = { count: number; errors: number; msP50: number | null; msP95: number | null; msP99: number | null };

/** The usage of model calls. `withoutCost` of them have an unknown cost, so that `costUsd` is a lower bound. */
export type TrendUsage = { inputTokens: number; outputTokens: number; costUsd: number; withoutCost: number };

/**
 * A point of a chart: traces and calls that started within `stepSeconds`
 * from `atMs` on (milliseconds since 1970). Empty points are missing.
 */
export type TrendPoint = { atMs: number; traces: TrendFigures; calls: TrendFigures & TrendUsage };

/** The totals of a whole window. Its quantiles are over everything that started in it and cannot be derived from those of its points. */
export type TrendTotals = Omit<TrendPoint, "atMs">;

/** The totals of one model's calls in a window. */
export type ModelTrend = Pick<TrendFigures, "count" | "errors"> & TrendUsage & { model: string };

/** The cost of a point's calls by model, in US dollars: of each requested model, in their order, and of all others together. */
export type CostPoint = { atMs: number; costsUsd: number[]; restUsd: number };

/** The number of a service's traces and calls in a window. */
export type ServiceTrend = { service: string; count: number };

const HOUR_SECONDS = 3_600;

const Count = z.coerce.number();
const Usage = z.object({
  count: Count,
  errors: Count,
  inputTokens: Count,
  outputTokens: Count,
  costUsd: Count,
  withoutCost: Count,
});
const SubjectSums = Usage.extend({ isCalls: Count, quantiles: z.array(z.number().nullable()) });
type SubjectSums = z.infer<typeof SubjectSums>;
const PointSums = SubjectSums.extend({ at: Count });
const ModelSums = Usage.extend({ model: z.string() });
const CostSums = z.object({ at: Count, place: Count, costUsd: Count });
const ServiceSums = z.object({ service: z.string(), count: Count });
const Behind = z.object({ rows: Count });

const SUMS = `sum(trend_rollups.count) AS count, sum(trend_rollups.errors) AS errors, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
  toFloat64(sum(cost_usd)) AS costUsd, sum(without_cost) AS withoutCost`;

/** Hours are made of minutes, so a window begins and ends at a boundary of its unit. */
const IN_WINDOW = `project = {project:String} AND unit = {unit:String} AND time >= toStartOfInterval(fromUnixTimestamp64Nano({from:Int64}, 'UTC'), toIntervalSecond({unitSeconds:UInt32}))
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`;

function inUnit(stepSeconds: number): { unit: string; unitSeconds: number } {
  return stepSeconds % HOUR_SECONDS === 0 ? { unit: "hour", unitSeconds: HOUR_SECONDS } : { unit: "minute", unitSeconds: 60 };
}

const AT = "toUnixTimestamp(toStartOfInterval(time, toIntervalSecond({stepSeconds:UInt32}))) AS at";

/** The condition that selects a filter's sums. */
function ofSubjects(filter: TrendFilter): string {
  const isOfEvery = filter.service === undefined && filter.model === undefined;
  const subjects = isOfEvery ? "('every trace', 'every call')" : filter.model === undefined ? "('trace', 'call')" : "('call')";
  return [
    `subject IN ${subjects}`,
    ...(filter.service === undefined ? [] : ["service = {service:String}"]),
    ...(filter.model === undefined ? [] : ["model = {model:String}"]),
  ].join("\n  AND ");
}

const BY_SUBJECT = `toUInt8(subject IN ('call', 'every call')) AS isCalls,
  ${SKETCH}Merge${SKETCH_PARAMS}(duration_ms) AS quantiles, ${SUMS}
FROM trend_rollups FINAL`;

/** The sums and sketches of a chart's points, read from the roll-up whose unit (minute or hour) divides its step. */
export function trendOverTime({ project, window, filter, stepSeconds }: TrendQuery): Statement {
  const sql = `SELECT ${AT}, ${BY_SUBJECT}
WHERE ${IN_WINDOW}
  AND ${ofSubjects(filter)}
GROUP BY at, isCalls
HAVING count > 0
ORDER BY at`;
  return { sql, params: { project, ...window, ...filter, ...inUnit(stepSeconds), stepSeconds } };
}

/** The sums and sketches of a whole window, which begins and ends at a boundary of its step's unit. */
export function trendTotals({ project, window, filter, stepSeconds }: TrendQuery): Statement {
  const sql = `SELECT ${BY_SUBJECT}
WHERE ${IN_WINDOW}
  AND ${ofSubjects(filter)}
GROUP BY isCalls`;
  return { sql, params: { project, ...window, ...filter, ...inUnit(stepSeconds) } };
}

const ofService = ({ service }: TrendFilter): string => (service === undefined ? "" : "\n  AND service = {service:String}");

/** The models with the highest cost in a window, in US dollars, costliest first. */
export function costliestModels({ project, window, filter, stepSeconds }: TrendQuery, modelsMax: number): Statement {
  const sql = `SELECT model, ${SUMS}
FROM trend_rollups FINAL
WHERE ${IN_WINDOW}
  AND subject = 'call'${ofService(filter)}
GROUP BY model
HAVING count > 0
ORDER BY costUsd DESC, count DESC, model
LIMIT {modelsMax:UInt32}`;
  return { sql, params: { project, ...window, ...filter, ...inUnit(stepSeconds), modelsMax } };
}

/** The cost of calls at a chart's points, by the position of their model in `models`, counted from 1; 0 stands for all others. */
export function costByModel({ project, window, filter, stepSeconds }: TrendQuery, models: readonly string[]): Statement {
  const sql = `SELECT ${AT}, indexOf({models:Array(String)}, toString(model)) AS place, toFloat64(sum(cost_usd)) AS costUsd
FROM trend_rollups FINAL
WHERE ${IN_WINDOW}
  AND subject = 'call'${ofService(filter)}
GROUP BY at, place
HAVING costUsd > 0
ORDER BY at`;
  return { sql, params: { project, ...window, ...filter, ...inUnit(stepSeconds), stepSeconds, models } };
}

/** The services with the most traces and calls in a window. */
export function busiestServices({ project, window, stepSeconds }: TrendQuery, servicesMax: number): Statement {
  const sql = `SELECT service, sum(trend_rollups.count) AS count
FROM trend_rollups FINAL
WHERE ${IN_WINDOW}
  AND subject IN ('trace', 'call')
GROUP BY service
HAVING count > 0
ORDER BY count DESC, service
LIMIT {servicesMax:UInt32}`;
  return { sql, params: { project, ...window, ...inUnit(stepSeconds), servicesMax } };
}

const BEHIND = `SELECT sum(if(total > seen, total - seen, 0)) AS rows
FROM (SELECT minute, sum(minute_arrivals.rows) AS total FROM minute_arrivals WHERE project = {project:String} AND minute >= toStartOfMinute(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
  AND minute < fromUnixTimestamp64Nano({to:Int64}, 'UTC') GROUP BY minute) AS arrivals
LEFT JOIN (SELECT minute, rows AS seen FROM trend_minutes FINAL WHERE project = {project:String}) AS computed USING (minute)`;

/** Reads the sums of one ClickHouse over traces and calls. Every method throws an `AppError` as `readRows` does. */
export type TrendStore = ReturnType<typeof createTrendStore>;

export function createTrendStore(clickhouse: ClickHouseClient) {
  return {
    /** A chart's points in order of time; points at which nothing started are missing. */
    async overTime(query: TrendQuery): Promise<TrendPoint[]> {
      const sums = await readRows(clickhouse, trendOverTime(query), PointSums);
      const points = Map.groupBy(sums, ({ at }) => at);
      return [...points].map(([at, ofPoint]) => ({ atMs: at * 1_000, ...totalsOf(ofPoint) }));
    },

    /** The totals of a window. */
    async totals(query: TrendQuery): Promise<TrendTotals> {
      return totalsOf(await readRows(clickhouse, trendTotals(query), SubjectSums));
    },

    /** The models with the highest cost, costliest first; ties are broken by the number of calls. Ignores a condition on the model. */
    costliestModels(query: TrendQuery, modelsMax: number): Promise<ModelTrend[]> {
      return readRows(clickhouse, costliestModels(query, modelsMax), ModelSums);
    },

    /**
     * The cost over time of each given model, and of all others together, in order
     * of time; points without cost are missing. Ignores a condition on the model.
     */
    async costByModel(query: TrendQuery, models: readonly string[]): Promise<CostPoint[]> {
      const sums = await readRows(clickhouse, costByModel(query, models), CostSums);
      return [...Map.groupBy(sums, ({ at }) => at)].map(([at, ofPoint]) => {
        const costAt = (place: number): number => ofPoint.find((sum) => sum.place === place)?.costUsd ?? 0;
        return { atMs: at * 1_000, costsUsd: models.map((_, index) => costAt(index + 1)), restUsd: costAt(0) };
      });
    },

    /** The services of a window, busiest first. Ignores all conditions. */
    busiestServices(query: TrendQuery, servicesMax: number): Promise<ServiceTrend[]> {
      return readRows(clickhouse, busiestServices(query, servicesMax), ServiceSums);
    },

    /** The number of rows in the window that no sum includes yet: sums are a few seconds behind, more on a busy machine. */
    async behind(project: string, window: TimeWindow): Promise<number> {
      const [behind] = await readRows(clickhouse, { sql: BEHIND, params: { project, ...window } }, Behind);
      return behind?.rows ?? 0;
    },
  };
}

function totalsOf(sums: readonly SubjectSums[]): TrendTotals {
  const calls = sums.find(({ isCalls }) => isCalls === 1);
  return { traces: figuresOf(sums.find(({ isCalls }) => isCalls === 0)), calls: { ...figuresOf(calls), ...usageOf(calls) } };
}

function figuresOf(sums: SubjectSums | undefined): TrendFigures {
  const [msP50 = null, msP95 = null, msP99 = null] = sums?.quantiles ?? [];
  return { count: sums?.count ?? 0, errors: sums?.errors ?? 0, msP50, msP95, msP99 };
}

function usageOf(sums: SubjectSums | undefined): TrendUsage {
  const { inputTokens = 0, outputTokens = 0, costUsd = 0, withoutCost = 0 } = sums ?? {};
  return { inputTokens, outputTokens, costUsd, withoutCost };
}
