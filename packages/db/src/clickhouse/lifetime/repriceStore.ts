import type { ClickHouseClient } from "@clickhouse/client";
import { CACHE_WRITE_KEYS, newId, PRICED_KINDS, type Price } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";

/** One insert rewrites about so many spans: with their texts they are held in memory. */
const SPANS_PER_INSERT = 50_000;

/** How long a look at a day may take, in seconds. */
const LOOK_SECONDS_MAX = 600;

/** What a model's calls of one day are priced at. */
export interface ModelPrice {
  model: string;
  price: Price;
}

/** Calls of one model on one day whose cost is not what it should be: how many, and what they cost before and after, in US dollars. */
export interface Repriced {
  model: string;
  spans: number;
  usdBefore: number;
  usdAfter: number;
}

const DayRow = z.object({ day: z.iso.date(), models: z.array(z.string()) });
const RepricedRow = z.object({ model: z.string(), spans: z.coerce.number(), usdBefore: z.number(), usdAfter: z.number() });

/** A cost that a sender reported is never touched: what is priced here is what has no cost, or one that was estimated. */
const PRICEABLE = `project = {project:String} AND kind IN (${[...PRICED_KINDS].map((kind) => `'${kind}'`).join(", ")}) AND model != ''
  AND (cost_usd IS NULL OR cost_is_estimate)`;

const OF_DAY = "toDate(start_time) = {day:Date}";

/** An attribute's count, or null: attributes are text. */
function countIn(key: string): string {
  const [attribute = "", member] = key.split("#");
  const path = member?.split(".").map((name) => `'${name}'`);
  const text = path === undefined ? `attributes['${attribute}']` : `JSONExtractRaw(attributes['${attribute}'], ${path.join(", ")})`;
  return `toUInt32OrNull(${text})`;
}

const priceOf = (prices: string): string => `transform(model, {models:Array(String)}, {${prices}:Array(Float64)}, toFloat64(0))`;

/**
 * `estimateCostUsd` of packages/model, of a row, rounded as the collector rounds it; null where no tokens are known, or no
 * price. A count of billionths becomes a decimal by way of its text: `toDecimal64` cuts a float off, 6e-8 to 0.000000059.
 */
const COST = `if((input_tokens IS NULL AND output_tokens IS NULL) OR model NOT IN {models:Array(String)}, NULL, toDecimal64(concat(toString(toInt64(floor((
  greatest(0, toInt64(ifNull(input_tokens, 0)) - ifNull(cached_tokens, 0) - cache_write) * ${priceOf("inputs")}
  + ifNull(cached_tokens, 0) * ${priceOf("cached")} + cache_write * ${priceOf("cacheWrites")} + ifNull(output_tokens, 0) * ${priceOf("outputs")}
) / 1e6 * 1e9 + 0.5))), 'e-9'), 9))`;

/** The rows of a day whose cost is another one now, whole, with the cost that they should have. */
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

/** Computes the cost of stored spans again. */
export type RepriceStore = ReturnType<typeof createRepriceStore>;

export function createRepriceStore(clickhouse: ClickHouseClient) {
  return {
    /** The days (ISO 8601, UTC) since `since` on which a project has calls that may be priced, the oldest first, and of which models. */
    days(project: string, since: string): Promise<{ day: string; models: string[] }[]> {
      const sql = `SELECT toString(toDate(start_time)) AS day, groupUniqArray(model) AS models FROM spans
WHERE ${PRICEABLE} AND start_time >= toDateTime({since:Date}) GROUP BY day ORDER BY day`;
      return readRows(clickhouse, { sql, params: { project, since } }, DayRow, LOOK_SECONDS_MAX);
    },

    /** What `reprice` would change, by model. A model that is not among `prices` has no price. */
    preview(project: string, day: string, prices: readonly ModelPrice[]): Promise<Repriced[]> {
      const sql = `SELECT model, count() AS spans, toFloat64(sum(ifNull(cost_usd, 0))) AS usdBefore, toFloat64(sum(ifNull(new_cost, 0))) AS usdAfter
FROM (${CHANGED}) GROUP BY model ORDER BY model`;
      return readRows(clickhouse, { sql, params: paramsOf(project, day, prices) }, RepricedRow, LOOK_SECONDS_MAX);
    },

    /**
     * Writes the `spans` that a preview counted anew. Each is a microsecond younger than the row that it was made of, and so
     * replaces it; a version that came meanwhile, or comes later, is younger still. Repeated, it finds nothing to change.
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
