import type { ClickHouseClient } from "@clickhouse/client";
import { annotationScorer, newId, type Score } from "@signalbox/model";
import { deleteScore, insertScores } from "../clickhouse/scores/scoreStore.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** The most labels that are published at once. */
const ROUND_ROWS = 500;

/**
 * Brings the scores of traces up to date with people's latest labels: a label becomes a score, and the
 * score of a withdrawn label is deleted. Returns how many it published, and whether there are more.
 * Publishing a score twice replaces it; a label that changes meanwhile is left to the next round.
 */
export async function publishAnnotations(
  prisma: PrismaClient,
  clickhouse: ClickHouseClient,
): Promise<{ published: number; isMore: boolean }> {
  const rows = await askStateStore(() =>
    prisma.annotationRow.findMany({
      where: { isTold: false },
      orderBy: { at: "asc" },
      take: ROUND_ROWS,
      include: { item: { include: { queue: true } } },
    }),
  );
  const scores = rows.map(({ item, label, value, note, at, ...row }): Score & { isKept: boolean } => ({
    ...{ project: item.queue.project, traceId: item.traceId, spanId: item.spanId === "" ? null : item.spanId },
    ...{ name: item.queue.scoreName, value: value ?? 0, label: label ?? "", explanation: note, scorer: annotationScorer(row) },
    ...{ time: at.toISOString(), isKept: row.state === "labelled" },
  }));
  const kept = scores.flatMap(({ isKept, ...score }) => (isKept ? [score] : []));
  if (kept.length > 0) await insertScores(clickhouse, kept, newId());
  for (const { isKept, ...score } of scores) if (!isKept) await deleteScore(clickhouse, score);
  for (const { itemId, person, isFinal, at } of rows)
    await askStateStore(() => prisma.annotationRow.updateMany({ where: { itemId, person, isFinal, at }, data: { isTold: true } }));
  return { published: rows.length, isMore: rows.length === ROUND_ROWS };
}
