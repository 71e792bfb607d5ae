import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/**
 * The number of tries whose expected class is `expected` and whose answer was
 * `given`; a null `given` is a class that no item of the run has, or no answer.
 */
export interface ClassCount {
  readonly expected: string;
  readonly given: string | null;
  readonly count: number;
}

const WHITE_SPACE = " \t\r\n";

/** The class in a JSON column: its text, or that in a field of an object, without surrounding white space. */
function classIn(column: "expected" | "output", field: string | null): Prisma.Sql {
  const value = Prisma.raw(column);
  const text = Prisma.sql`CASE json_typeof(${value}) WHEN 'string' THEN ${value} #>> '{}' END`;
  const named =
    field === null
      ? text
      : Prisma.sql`CASE json_typeof(${value}) WHEN 'object' THEN
          CASE json_typeof(${value} -> ${field}::text) WHEN 'string' THEN ${value} ->> ${field}::text END ELSE ${text} END`;
  return Prisma.sql`nullif(btrim(${named}, ${WHITE_SPACE}), '')`;
}

/**
 * Counts a run's tries by expected and given class; a failed try gave none. Undefined where its items have more than `classesMax` classes.
 */
export async function countClasses(
  prisma: PrismaClient,
  runId: string,
  { field, classesMax }: { field: string | null; classesMax: number },
): Promise<ClassCount[] | undefined> {
  const named = Prisma.sql`
    SELECT ${classIn("expected", field)} AS expected, CASE state WHEN 'answered' THEN ${classIn("output", field)} END AS given
    FROM eval_try WHERE run_id = ${runId}::uuid AND state <> 'claimed'`;
  return askStateStore(async () => {
    const [classes] = await prisma.$queryRaw<
      { count: number }[]
    >`SELECT count(DISTINCT expected)::integer AS count FROM (${named}) AS named`;
    if ((classes?.count ?? 0) > classesMax) return undefined;
    return prisma.$queryRaw<ClassCount[]>`
      WITH named AS (${named}), known AS (SELECT DISTINCT expected FROM named WHERE expected IS NOT NULL)
      SELECT named.expected, known.expected AS given, count(*)::integer AS count
      FROM named LEFT JOIN known ON known.expected = named.given
      WHERE named.expected IS NOT NULL GROUP BY named.expected, known.expected`;
  });
}
