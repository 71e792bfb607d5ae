import { type Decision, type FoldedTask, foldDecision, NO_TASK, projectionFaults, TaskStatus, verifyChain } from "@signalbox/model";
import { listDecisionsOf } from "../prisma/decisions/decisionStore.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** A task whose row disagrees with its decisions, and the fields that do. */
export type OffTask = { taskId: string; fields: string[] };

/**
 * The result of a comparison. `broken` tasks have a chain that does not verify, or is not what was signed, and are left alone. Each list
 * holds only its first entries.
 */
export type RebuiltTasks = { tasks: number; off: OffTask[]; offTotal: number; rebuilt: number; broken: string[]; brokenTotal: number };

/** The number of tasks compared per snapshot. */
const PAGE = 500;

/** The most entries in a list of the result. */
const TOLD_MAX = 1_000;

/** The smallest id. */
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

type TaskRow = { id: string; status: string; run: number; attempts: number; error: string | null; headSeq: number; headHash: string };

/**
 * Compares the fields of every task's row that follow from its decisions with those decisions, and (unless `isDry`)
 * repairs the row where they differ. Workers may go on meanwhile: a row that changed since it was read is left alone. `doubted` are the
 * tasks of which a verification found that their chain is not what checkpoints signed: a chain that was sealed anew holds in itself.
 */
export async function rebuildTasks(
  prisma: PrismaClient,
  { isDry, doubted, progress }: { isDry: boolean; doubted: ReadonlySet<string>; progress: (tasks: number) => void },
): Promise<RebuiltTasks> {
  const found: RebuiltTasks = { tasks: 0, off: [], offTotal: 0, rebuilt: 0, broken: [], brokenTotal: 0 };
  for (let after = FIRST_ID; ; ) {
    const { rows, decisions } = await readPage(prisma, after);
    for (const row of rows) {
      const chain = decisions.get(row.id) ?? [];
      found.tasks += 1;
      if (doubted.has(row.id) || chain === "unreadable" || chain.length === 0 || verifyChain(chain).kind === "broken") {
        found.brokenTotal += 1;
        if (found.broken.length < TOLD_MAX) found.broken.push(row.id);
        continue;
      }
      const folded = chain.reduce(foldDecision, NO_TASK);
      const { headSeq, headHash, ...rest } = row;
      const fields = projectionFaults({ ...rest, status: TaskStatus.parse(row.status), head: { seq: headSeq, hash: headHash } }, folded);
      if (fields.length === 0) continue;
      found.offTotal += 1;
      if (found.off.length < TOLD_MAX) found.off.push({ taskId: row.id, fields });
      if (!isDry && (await rebuild(prisma, row, folded, chain.at(-1)?.time ?? ""))) found.rebuilt += 1;
    }
    progress(found.tasks);
    const last = rows.at(-1);
    if (last === undefined) return found;
    after = last.id;
  }
}

/** The tasks after an id with their decisions in order, from one snapshot. A chain with an invalid row is unreadable. */
async function readPage(
  prisma: PrismaClient,
  after: string,
): Promise<{ rows: TaskRow[]; decisions: Map<string, Decision[] | "unreadable"> }> {
  return askStateStore(() =>
    prisma.$transaction(
      async (transaction) => {
        const rows = await transaction.$queryRaw<TaskRow[]>`
          SELECT id, status, run, attempts, error, head_seq AS "headSeq", head_hash AS "headHash" FROM task WHERE id > ${after}::uuid ORDER BY id LIMIT ${PAGE}`;
        return {
          rows,
          decisions: await chainsOf(
            transaction,
            rows.map(({ id }) => id),
          ),
        };
      },
      { isolationLevel: Prisma.TransactionIsolationLevel.RepeatableRead },
    ),
  );
}

async function chainsOf(transaction: Prisma.TransactionClient, ids: readonly string[]): Promise<Map<string, Decision[] | "unreadable">> {
  try {
    const decisions = await listDecisionsOf(transaction, ids);
    const byTask = Map.groupBy(decisions, ({ taskId }) => taskId);
    return new Map([...byTask].map(([id, chain]) => [id, chain.sort((one, other) => one.seq - other.seq)]));
  } catch (error) {
    if (!(error instanceof Error && error.name === "ZodError")) throw error;
    const [id] = ids;
    if (ids.length === 1 && id !== undefined) return new Map([[id, "unreadable"]]);
    const chains = new Map<string, Decision[] | "unreadable">();
    for (const each of ids) for (const [key, chain] of await chainsOf(transaction, [each])) chains.set(key, chain);
    return chains;
  }
}

/**
 * Repairs a row; false where it is no longer as it was read. A task's result and
 * start are not in the log: a task that becomes done again keeps those it has.
 */
async function rebuild(
  prisma: PrismaClient,
  row: TaskRow,
  { phase, run, attempts, error, head }: FoldedTask,
  endedAt: string,
): Promise<boolean> {
  const isOpen = phase === "open";
  const written = await askStateStore(
    () => prisma.$executeRaw`
      UPDATE task SET head_seq = ${head.seq}, head_hash = ${head.hash}, run = ${run}, attempts = greatest(attempts, ${attempts}),
        status = CASE WHEN NOT ${isOpen} THEN ${phase} WHEN status IN ('queued', 'running') THEN status ELSE 'queued' END,
        error = CASE WHEN ${isOpen} AND status IN ('queued', 'running') THEN error ELSE ${error} END,
        result = CASE WHEN ${isOpen} THEN NULL ELSE result END,
        finished_us = CASE WHEN ${isOpen} THEN NULL ELSE COALESCE(finished_us, (extract(epoch FROM ${endedAt}::timestamptz) * 1000000)::bigint) END
      WHERE id = ${row.id}::uuid AND (status, run, attempts, head_seq, head_hash) = (${row.status}, ${row.run}, ${row.attempts}, ${row.headSeq}, ${row.headHash})`,
  );
  return written === 1;
}
