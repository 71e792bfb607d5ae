import type { LetterSelection, RedriveForecast, TargetVersion, TaskRequest } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { requireRunningQueue } from "../tasks/pauseStore.ts";
import { type Candidate, countMeant, isSelected, listCandidates, noSuchLetters, sortOut } from "./candidates.ts";
import { requireEditable } from "./requireEditable.ts";
import { listServingVersions } from "./servingVersions.ts";

type ToolUse = RedriveForecast["effects"]["happened"][number];

/** The most tools and groups that are listed. */
const NAMED_MAX = 100;

/** The possible calls are predicted from the project's tasks among this many latest ones. */
const RECENT_TASKS = 10_000;

/** The number of letters in each group, largest first. */
function groupsOf(letters: readonly Candidate[]): RedriveForecast["groups"] {
  return [...Map.groupBy(letters, ({ fingerprint }) => fingerprint)]
    .map(([fingerprint, ofGroup]) => ({ fingerprint, message: ofGroup.at(-1)?.message ?? "", letters: ofGroup.length }))
    .sort((one, other) => other.letters - one.letters)
    .slice(0, NAMED_MAX);
}

/** The tool calls that tasks have already made. */
function effectsOf(transaction: Prisma.TransactionClient, taskIds: readonly string[]): Promise<ToolUse[]> {
  return transaction.$queryRaw<ToolUse[]>`
    SELECT tool_effect.domain, tool_effect.call ->> 'name' AS tool, count(*)::int AS calls, count(DISTINCT task.id)::int AS tasks
    FROM task JOIN tool_effect ON tool_effect.world = task.world AND tool_effect.overlay = task.id::text
    WHERE task.id = ANY(${[...taskIds]}::uuid[])
    GROUP BY 1, 2 ORDER BY calls DESC, 1, 2 LIMIT ${NAMED_MAX}`;
}

/** The tools that the project's latest tasks have called in the same domains. */
function toolsOfDomains(transaction: Prisma.TransactionClient, project: string, taskIds: readonly string[]): Promise<ToolUse[]> {
  return transaction.$queryRaw<ToolUse[]>`
    WITH meant AS (SELECT DISTINCT request ->> 'domain' AS domain FROM task WHERE id = ANY(${[...taskIds]}::uuid[])),
      recent AS (SELECT id, world FROM (SELECT id, world, project FROM task ORDER BY id DESC LIMIT ${RECENT_TASKS}) AS task WHERE project = ${project})
    SELECT tool_effect.domain, call ->> 'name' AS tool, count(*)::int AS calls, count(DISTINCT overlay)::int AS tasks
    FROM recent JOIN tool_effect ON tool_effect.world = recent.world AND tool_effect.overlay = recent.id::text
    WHERE tool_effect.domain IN (SELECT domain FROM meant)
    GROUP BY 1, 2 ORDER BY calls DESC, 1, 2 LIMIT ${NAMED_MAX}`;
}

/** The input of a forecast. `payload` is an edited request, for a single letter only. */
type Forecast = { project: string; selection: LetterSelection; version: TargetVersion; payload: TaskRequest | null; now: Date };

/** A forecast of redriving a selection; nothing is changed. Throws what the act would throw: `not_found` where there are no such letters. */
export async function forecastRedrive(
  prisma: PrismaClient,
  { project, selection, version, payload, now }: Forecast,
): Promise<RedriveForecast> {
  return askStateStore(async () => {
    const letters = await listCandidates(prisma, isSelected(project, selection), { isLocking: false });
    const { free, obstructed } = sortOut(letters, { kind: "redrive", version, serving: await listServingVersions(prisma, now) });
    if (free.length === 0 && obstructed.length === 0) throw noSuchLetters();
    if (payload !== null) for (const { taskId } of free) await requireEditable(prisma, taskId, payload);
    const taskIds = free.flatMap(({ taskId }) => taskId ?? []);
    if (taskIds.length > 0) await requireRunningQueue(prisma, project);
    const effects = { happened: await effectsOf(prisma, taskIds), possible: await toolsOfDomains(prisma, project, taskIds) };
    return { letters: countMeant(free, obstructed), redrivable: free.length, obstructed, groups: groupsOf(free), effects };
  });
}
