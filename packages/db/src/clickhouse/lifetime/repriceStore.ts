import type { ClickHouseClient } from "@clickhouse/client";
import { CACHE_WRITE_KEYS, newId, PRICED_KINDS, type Price } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";

/** The approximate number of spans rewritten per insert, which holds them in memory with their texts. */
const SPANS_PER_INSERT = 50_000;

/** The time limit for looking at a day, in seconds. */
const LOOK_SECONDS_MAX = 600;

/** The price of a model's calls on one day. */
export interface ModelPrice {
  model: string;
  price: Price;
}

/**
 * The calls of one model on one day whose cost differs from what it should
 * be: their number, and their cost before and after, in US dollars.
 */
export interface Repriced {
  model: string;
  spans: number;
  usdBefore: number;
  usdAfter: number;
}

const DayRow = z.object({ day: z.iso.date(), models: z.array(z.string()) });
const RepricedRow = z.object({ model: z.string(), spans: z.coerce.number(), usdBefore: z.number(), usdAfter: z.number() });

/** Costs reported by a sender are never touched: only spans without a cost, or with an estimated one, are priced. */
const PRICEABLE = `project = {project:String} AND kind IN (${[...PRICED_KINDS].map((kind) => `'${kind}'`).join(", ")}) AND model != ''
  AND (cost_usd IS NULL OR cost_is_estimate)`;

const OF_DAY = "toDate(start_time) = {day:Date}";

/** A count in an attribute, or null: attributes are text. */
function countIn(key: string): string {
  const [attribute = "", member] = key.split("#");
  const path = member?.split(".").map((name) => `'${name}'`);
  const text = path === undefined ? `attributes['${attribute}']` : `JSONExtractRaw(attributes['${attribute}'], ${path.join(", ")})`;
  return `toUInt32OrNull(${text})`;
}

const priceOf = (prices: string): string => `transform(model, {models:Array(String)}, {${prices}:Array(Float64)}, toFloat64(0))`;

/**
 * The SQL of `estimateCostUsd` (packages/model), rounded as the collector rounds it; null where no tokens are known, or no price.
 * The count of billionths becomes a decimal by way of a string, because `toDecimal64` truncates floats: 6e-8 to 0.000000059.
 */
const COST = `if((input_tokens IS NULL AND output_tokens IS NULL) OR model NOT IN {models:Array(String)}, NULL, toDecimal64(concat(toString(toInt64(floor((
  greatest(0, toInt64(ifNull(input_tokens, 0)) - ifNull(cached_tokens, 0) - cache_write) * ${priceOf("inputs")}
  + ifNull(cached_tokens, 0) * ${priceOf("cached")} + cache_write * ${priceOf("cacheWrites")} + ifNull(output_tokens, 0) * ${priceOf("outputs")}
) / 1e6 * 1e9 + 0.5))), 'e-9'), 9))`;

/** The whole rows of a day whose cost has changed, with their new cost. */
const CHANGED = `
SELECT * EXCEPT (cache_write), ${COST} AS new_cost
FROM (SELECT *, coalesce(${CACHE_WRITE_KEYS.map(countIn).join(", ")}, 0) AS cache_write FROM spans FINAL WHERE ${PRICEABLE} AND ${OF_DAY})
WHERE new_cost IS DISTINCT FROM cost_usd`;

function paramsOf(project: string, day: string, prices: readonly ModelPrice[]) {
  return {
    project,
    day,
    models: prices.map(({ model }) => model),
    inputs: prices.map(({ price }) => price.input),
    outputs: prices.map(({ price }) => price.output),
    cached: prices.map(({ price }) => price.cached ?? price.input),
    cacheWrites: prices.map(({ price }) => price.cacheWrite ?? price.input),
  };
}

/** Recomputes the cost of stored spans. */
export type RepriceStore = ReturnType<typeof createRepriceStore>;

export function createRepriceStore(clickhouse: ClickHouseClient) {
  return {
    /** The days (ISO 8601, UTC, oldest first) since `since` on which a project has calls that may be priced, with their models. */
    days(project: string, since: string): Promise<{ day: string; models: string[] }[]> {
      const sql = `SELECT toString(toDate(start_time)) AS day, groupUniqArray(model) AS models FROM spans
WHERE ${PRICEABLE} AND start_time >= toDateTime({since:Date}) GROUP BY day ORDER BY day`;
      return readRows(clickhouse, { sql, params: { project, since } }, DayRow, LOOK_SECONDS_MAX);
    },

    /** The changes that `reprice` would make, by model. A model that is not in `prices` has no price. */
    preview(project: string, day: string, prices: readonly ModelPrice[]): Promise<Repriced[]> {
      const sql = `SELECT model, count() AS spans, toFloat64(sum(ifNull(cost_usd, 0))) AS usdBefore, toFloat64(sum(ifNull(new_cost, 0))) AS usdAfter
FROM (${CHANGED}) GROUP BY model ORDER BY model`;
      return readRows(clickhouse, { sql, params: paramsOf(project, day, prices) }, RepricedRow, LOOK_SECONDS_MAX);
    },

    /**
     * Rewrites the `spans` that a preview counted. Each new row is a microsecond younger than its original, and so
     * replaces it; any version received meanwhile or later is younger still. Repeating it finds nothing to change.
     */
    async reprice(project: string, day: string, prices: readonly ModelPrice[], spans: number): Promise<void> {
      const parts = Math.ceil(spans / SPANS_PER_INSERT);
      for (let part = 0; part < parts; part += 1) {
        const query = `INSERT INTO spans SELECT * EXCEPT (new_cost) REPLACE (
  new_cost AS cost_usd, new_cost IS NOT NULL AS cost_is_estimate, received_at + INTERVAL 1 MICROSECOND AS received_at)
FROM (${CHANGED}) WHERE cityHash64(trace_id) % {parts:UInt32} = {part:UInt32}`;
        await clickhouse.command({
          query,
          query_params: { ...paramsOf(project, day, prices), parts, part },
          clickhouse_settings: { insert_deduplication_token: `reprice:${newId()}`, insert_quorum: "auto" },
        });
      }
    },
  };
}
