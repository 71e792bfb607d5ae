import type { DeadLetterCause, DeadLetterFilter } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { isInState, letterConditions } from "./deadLetterConditions.ts";

/** The buckets of a sparkline: `count` of them, each `stepMs` wide, from `fromMs` on (milliseconds since 1970). */
export type LetterSteps = { fromMs: number; stepMs: number; count: number };

/**
 * Dead letters with one fingerprint. `lettersCount` covers all that match the filter in any state, `openCount` those that wait
 * for a person. `message`, `service`, `tool` and `errorClass` are the newest letter's; `causes` and `versions` are those of the
 * newest thousand; `firstVersion` is that of the task that failed first. `lettersPerStep` counts by the time of the last failure.
 */
export type DeadLetterGroup = {
  fingerprint: string;
  lettersCount: number;
  openCount: number;
  firstFailedAt: string;
  lastFailedAt: string;
  causes: DeadLetterCause[];
  versions: string[];
  service: string;
  tool: string | null;
  errorClass: string;
  message: string;
  newestLetterId: string;
  firstVersion: string | null;
  lettersPerStep: number[];
};

/** A page of groups, with the total number of groups, and of their letters in the requested state. */
export type DeadLetterGroups = { groups: DeadLetterGroup[]; groupsCount: number; lettersCount: number };

/** The order of the groups, descending. */
export type GroupOrder = "last" | "count" | "first";

const ORDERS = {
  last: Prisma.sql`max(last_failed_at) DESC`,
  count: Prisma.sql`count(*) DESC, max(last_failed_at) DESC`,
  first: Prisma.sql`min(first_failed_at) DESC`,
} as const satisfies Record<GroupOrder, Prisma.Sql>;

type Summed = {
  fingerprint: string;
  lettersCount: number;
  openCount: number;
  firstFailedAt: Date;
  lastFailedAt: Date;
  groupsCount: number;
  matchingCount: number;
};
type Told = Pick<DeadLetterGroup, "fingerprint" | "service" | "tool" | "errorClass" | "message" | "newestLetterId" | "firstVersion">;
type Ways = { fingerprint: string; causes: DeadLetterCause[]; versions: string[] };

/** The most letters of a group, newest first, that are read for its causes and versions. */
const WAYS_LETTERS_MAX = 1_000;

/** The dead letters of a project by fingerprint: up to `limit` groups with a letter in the filter's state. */
export async function listDeadLetterGroups(
  prisma: PrismaClient,
  {
    project,
    filter,
    order,
    steps,
    limit,
  }: { project: string; filter: DeadLetterFilter; order: GroupOrder; steps: LetterSteps; limit: number },
): Promise<DeadLetterGroups> {
  const conditions = letterConditions(project, filter);
  const inState = isInState(filter.state);
  const summed = await askStateStore(
    () => prisma.$queryRaw<Summed[]>`
    SELECT fingerprint, count(*)::int AS "lettersCount", (count(*) FILTER (WHERE ${isInState("open")}))::int AS "openCount",
      min(first_failed_at) AS "firstFailedAt", max(last_failed_at) AS "lastFailedAt",
      (count(*) OVER ())::int AS "groupsCount", (sum(count(*) FILTER (WHERE ${inState})) OVER ())::int AS "matchingCount"
    FROM dead_letter
    WHERE ${conditions} AND fingerprint IN (SELECT fingerprint FROM dead_letter WHERE project = ${project} AND ${inState})
    GROUP BY fingerprint HAVING bool_or(${inState})
    ORDER BY ${ORDERS[order]}, fingerprint LIMIT ${limit}`,
  );
  const fingerprints = summed.map(({ fingerprint }) => fingerprint);
  const [told, ways, counted] =
    fingerprints.length === 0
      ? [[], [], []]
      : await askStateStore(() =>
          Promise.all([
            tellGroups(prisma, conditions, fingerprints),
            listWays(prisma, conditions, fingerprints),
            countPerStep(prisma, conditions, fingerprints, steps),
          ]),
        );
  const toldOf = new Map(told.map((group) => [group.fingerprint, group]));
  const waysOf = new Map(ways.map((group) => [group.fingerprint, group]));
  const groups = summed.map(({ fingerprint, lettersCount, openCount, firstFailedAt, lastFailedAt }): DeadLetterGroup => {
    const lettersPerStep = Array.from({ length: steps.count }, () => 0);
    for (const { step, letters } of counted.filter((point) => point.fingerprint === fingerprint)) lettersPerStep[step] = letters;
    const {
      newestLetterId = "",
      service = "",
      tool = null,
      errorClass = "",
      message = "",
      firstVersion = null,
    } = toldOf.get(fingerprint) ?? {};
    const { causes = [], versions = [] } = waysOf.get(fingerprint) ?? {};
    return {
      ...{
        fingerprint,
        lettersCount,
        openCount,
        causes,
        versions,
        service,
        tool,
        errorClass,
        message,
        newestLetterId,
        firstVersion,
        lettersPerStep,
      },
      firstFailedAt: firstFailedAt.toISOString(),
      lastFailedAt: lastFailedAt.toISOString(),
    };
  });
  return { groups, groupsCount: summed[0]?.groupsCount ?? 0, lettersCount: summed[0]?.matchingCount ?? 0 };
}

/** The newest letter of each group, and the version under which its first one failed. */
function tellGroups(prisma: PrismaClient, conditions: Prisma.Sql, fingerprints: readonly string[]): Promise<Told[]> {
  return prisma.$queryRaw<Told[]>`
    SELECT given.fingerprint, newest.id AS "newestLetterId", newest.service, newest.tool, newest.error_class AS "errorClass", newest.message, earliest.version AS "firstVersion"
    FROM unnest(${[...fingerprints]}::text[]) AS given (fingerprint)
    CROSS JOIN LATERAL (
      SELECT id, service, tool, error_class, message FROM dead_letter WHERE ${conditions} AND dead_letter.fingerprint = given.fingerprint
      ORDER BY last_failed_at DESC, id DESC LIMIT 1
    ) AS newest
    CROSS JOIN LATERAL (
      SELECT versions[1] AS version FROM dead_letter WHERE ${conditions} AND dead_letter.fingerprint = given.fingerprint
      ORDER BY last_failed_at, id LIMIT 1
    ) AS earliest`;
}

/** The distinct causes and failed versions of each group's newest letters. */
function listWays(prisma: PrismaClient, conditions: Prisma.Sql, fingerprints: readonly string[]): Promise<Ways[]> {
  return prisma.$queryRaw<Ways[]>`
    WITH way AS (
      SELECT DISTINCT given.fingerprint, newest.cause, newest.versions FROM unnest(${[...fingerprints]}::text[]) AS given (fingerprint)
      CROSS JOIN LATERAL (
        SELECT cause, versions FROM dead_letter WHERE ${conditions} AND dead_letter.fingerprint = given.fingerprint
        ORDER BY last_failed_at DESC, id DESC LIMIT ${WAYS_LETTERS_MAX}
      ) AS newest
    )
    SELECT fingerprint, array_agg(DISTINCT cause ORDER BY cause) AS causes,
      (SELECT coalesce(array_agg(DISTINCT version ORDER BY version), '{}') FROM way AS of_group, unnest(of_group.versions) AS version
        WHERE of_group.fingerprint = way.fingerprint) AS versions
    FROM way GROUP BY fingerprint`;
}

/** The number of letters of each group in each bucket; empty buckets are left out. */
function countPerStep(
  prisma: PrismaClient,
  conditions: Prisma.Sql,
  fingerprints: readonly string[],
  { fromMs, stepMs, count }: LetterSteps,
): Promise<{ fingerprint: string; step: number; letters: number }[]> {
  const from = new Date(fromMs);
  const to = new Date(fromMs + stepMs * count);
  return prisma.$queryRaw`
    SELECT fingerprint, floor((extract(epoch FROM last_failed_at) * 1000 - ${fromMs}::float8) / ${stepMs}::float8)::int AS step, count(*)::int AS letters
    FROM dead_letter
    WHERE ${conditions} AND fingerprint = ANY(${[...fingerprints]}::text[]) AND last_failed_at >= ${from} AND last_failed_at < ${to}
    GROUP BY fingerprint, step`;
}

/** The time of the first dead letter of each version of a project, oldest first. */
export async function listFailedVersions(prisma: PrismaClient, project: string): Promise<{ version: string; firstFailedAt: string }[]> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ version: string; firstFailedAt: Date }[]>`
    SELECT version, first_failed_at AS "firstFailedAt" FROM failed_version WHERE project = ${project} ORDER BY 2, 1`,
  );
  return rows.map(({ version, firstFailedAt }) => ({ version, firstFailedAt: firstFailedAt.toISOString() }));
}

/** The number of a project's letters that wait for a person, and how many of them arrived since a time. */
export async function countOpenDeadLetters(prisma: PrismaClient, project: string, since: Date): Promise<{ open: number; recent: number }> {
  const [row] = await askStateStore(
    () => prisma.$queryRaw<{ open: number; recent: number }[]>`
    SELECT count(*)::int AS open, (count(*) FILTER (WHERE last_failed_at >= ${since}))::int AS recent
    FROM dead_letter WHERE project = ${project} AND ${isInState("open")}`,
  );
  return row ?? { open: 0, recent: 0 };
}
