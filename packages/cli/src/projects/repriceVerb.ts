import { createClickHouse, createRepriceStore, type Repriced } from "@signalbox/db/clickhouse";
import { requireProject } from "@signalbox/db/prisma";
import { dayOf, ProjectName, priceOf } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";
import { parseArguments } from "./parseArguments.ts";
import { openStateStore } from "./stateStore.ts";

/** No span can be earlier (apps/collector/src/decode/faults.ts). */
const EARLIEST = "2000-01-01";

/** The time limit of one insert of a day's spans, on a busy store. */
const REQUEST_TIMEOUT_MS = 600_000;

/** The flags of `signalbox project reprice`. */
interface RepriceFlags {
  since?: string;
  dryRun?: boolean;
}

const Arguments = z.object({ project: ProjectName, since: z.iso.date("it is a day: 2026-11-01").default(EARLIEST) });

/** `signalbox project reprice <name>`: day by day, so that finished days stay when it is interrupted. */
export const projectReprice: Act<RepriceFlags> = async ({ output, env, args: [name], flags }) => {
  const { project, since } = parseArguments(Arguments, { project: name, since: flags.since });
  const config = loadConfig(env, flags);
  await using state = openStateStore(config);
  await requireProject(state, project);
  const clickhouse = createClickHouse(runningStores(config, "CLICKHOUSE_URL").CLICKHOUSE_URL, {
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
  try {
    const store = createRepriceStore(clickhouse);
    const days: { day: string; models: Repriced[] }[] = [];
    for (const { day, models } of await store.days(project, since)) {
      const prices = models.flatMap((model) => {
        const price = priceOf(model, dayOf(Date.parse(day)));
        return price === null ? [] : [{ model, price }];
      });
      const changed = await store.preview(project, day, prices);
      if (changed.length === 0) continue;
      if (flags.dryRun !== true) await store.reprice(project, day, prices, sumOf(changed, "spans"));
      days.push({ day, models: changed });
    }
    const spans = days.reduce((sum, { models }) => sum + sumOf(models, "spans"), 0);
    const isDryRun = flags.dryRun === true;
    output.result({ project, since, dryRun: isDryRun, spans, days }, () => reportText(days, spans, isDryRun));
    return EXIT.pass;
  } finally {
    await clickhouse.close();
  }
};

const sumOf = (models: readonly Repriced[], key: "spans" | "usdBefore" | "usdAfter"): number =>
  models.reduce((sum, model) => sum + model[key], 0);

const dollars = (usd: number): string => `$${usd.toFixed(4)}`;

function reportText(days: readonly { day: string; models: Repriced[] }[], spans: number, isDryRun: boolean): string {
  if (spans === 0) return "Every estimate is what the price table says.";
  const rows = days.flatMap(({ day, models }) =>
    models.map((repriced) => [day, repriced.model, String(repriced.spans), dollars(repriced.usdBefore), dollars(repriced.usdAfter)]),
  );
  const done = isDryRun ? "Nothing was changed: this was a dry run." : `${spans} calls of models are priced again.`;
  return `${textTable([["day", "model", "calls", "before", "after"], ...rows])}\n\n${done}`;
}
