import { createClickHouse, streamScores } from "@signalbox/db/clickhouse";
import { createPrisma, requireProject } from "@signalbox/db/prisma";
import { writeScoreTable } from "@signalbox/evals";
import { EXIT } from "../commandLine/exitCode.ts";
import { timeOf } from "../commandLine/timeOf.ts";
import type { Act } from "../commandLine/verb.ts";
import { writeWholeFile } from "../commandLine/wholeFile.ts";
import { loadConfig } from "../config.ts";
import { runningStores } from "../supervisor/runningStores.ts";

interface ScoreExportFlags {
  project: string;
  name?: string[];
  since?: string;
  before?: string;
}

/** `signalbox score export <file>`: the file is written completely, or keeps its old content. */
export const scoreExport: Act<ScoreExportFlags> = async ({ output, env, args: [file = ""], flags }) => {
  const { project, name: names = [] } = flags;
  const [since, before] = [timeOf(flags.since, "--since", Date.now()), timeOf(flags.before, "--before", Date.now())];
  const { DATABASE_URL, CLICKHOUSE_URL } = runningStores(loadConfig(env, flags), "DATABASE_URL");
  await using store = createPrisma(DATABASE_URL, { connectionsMax: 1 });
  await requireProject(store, project);
  await using clickhouse = createClickHouse(CLICKHOUSE_URL);
  const query = {
    ...{ project, names },
    ...(since === undefined ? {} : { since: new Date(since) }),
    ...(before === undefined ? {} : { before: new Date(before) }),
  };
  let scores = 0;
  async function* counted() {
    for await (const score of streamScores(clickhouse, query)) {
      scores += 1;
      yield score;
    }
  }
  await writeWholeFile(file, writeScoreTable(file, counted()));
  output.result({ project, file, scores }, () => `${scores} scores of ${project} are in ${file}.`);
  return EXIT.pass;
};
