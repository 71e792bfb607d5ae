import type pg from "pg";

/** The number of tasks per query. */
const TASKS_AT_ONCE = 20_000;

/** Up to `tasksMax` of these tasks that are not noted as news for the next checkpoint. */
export async function unknownToNews(
  client: pg.ClientBase,
  taskIds: readonly string[],
  tasksMax = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const unknown: string[] = [];
  for (let from = 0; from < taskIds.length && unknown.length < tasksMax; from += TASKS_AT_ONCE) {
    const { rows } = await client.query<{ task_id: string }>(
      `SELECT task_id FROM unnest($1::uuid[]) AS chain (task_id)
WHERE NOT EXISTS (SELECT FROM public.checkpoint_news AS news WHERE news.task_id = chain.task_id)`,
      [taskIds.slice(from, from + TASKS_AT_ONCE)],
    );
    unknown.push(...rows.map(({ task_id }) => task_id));
  }
  return unknown.slice(0, Math.min(unknown.length, tasksMax));
}
