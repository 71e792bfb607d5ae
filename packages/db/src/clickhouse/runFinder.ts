import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@signalbox/model";
import { z } from "zod";

/** A LangSmith run that has its span. `runId` is 32 lower-case hex digits, `startUs` microseconds since 1970. */
export interface StoredRun {
  runId: string;
  name: string;
  startUs: number;
}

/**
 * The runs of a project that began at one of these moments (microseconds since 1970), by the spans that were made of what LangSmith's own
 * routes took in. Throws an `AppError` where the store is not well; the same call may succeed later.
 */
export type FindRuns = (project: string, startsUs: readonly number[]) => Promise<StoredRun[]>;

/** What one statement asks for, which holds them as text. */
const STARTS_MAX = 1_000;

const Row = z
  .object({ run: z.string(), name: z.string(), start_us: z.coerce.number() })
  .transform(({ run, name, start_us }): StoredRun => ({ runId: run.replaceAll("-", ""), name, startUs: start_us }));

export function createRunFinder(clickhouse: ClickHouseClient): FindRuns {
  async function findAtOnce(project: string, startsUs: readonly number[]): Promise<StoredRun[]> {
    const starts = startsUs.map((startUs) => `fromUnixTimestamp64Nano(${BigInt(startUs) * 1_000n}, 'UTC')`).join(", ");
    const result = await clickhouse.query({
      query: `SELECT DISTINCT attributes['langsmith.span.id'] AS run, name, toString(toUnixTimestamp64Micro(start_time)) AS start_us
FROM spans
WHERE project = {project:String} AND start_time IN (${starts}) AND source = 'langsmith' AND run != ''`,
      query_params: { project },
      format: "JSONEachRow",
      clickhouse_settings: { select_sequential_consistency: "1" },
    });
    return (await result.json()).map((row) => Row.parse(row));
  }

  return async (project, startsUs) => {
    const distinct = [...new Set(startsUs)];
    const found: StoredRun[] = [];
    try {
      for (let from = 0; from < distinct.length; from += STARTS_MAX)
        found.push(...(await findAtOnce(project, distinct.slice(from, from + STARTS_MAX))));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AppError("upstream_unavailable", `Runs could not be looked for: ${why}`, { cause });
    }
    return found;
  };
}
