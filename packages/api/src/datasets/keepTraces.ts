import { type DatasetWritten, writeDataset } from "@signalbox/db/prisma";
import { AppError, type DatasetChange, type DatasetVersion } from "@signalbox/model";
import type { Context } from "../context.ts";
import { itemOfTrace } from "./itemOfTrace.ts";

/** So many traces are read side by side. */
const AT_ONCE = 8;

/** Traces to keep, and in which dataset. `isAnswerRight`: what was answered is what is expected; otherwise nobody has said yet. */
export interface TracesToKeep {
  readonly project: string;
  readonly name: string;
  readonly traceIds: readonly string[];
  readonly isAnswerRight: boolean;
}

/**
 * The result of adding traces: `added` items make `version`. A duplicate has the input and expectation of the item `of`; all are counted,
 * some are listed. `left` are the traces that cannot be items, and why.
 */
export interface TracesKept {
  readonly version: DatasetVersion;
  readonly added: number;
  readonly duplicates: { readonly count: number; readonly told: readonly { traceId: string; of: string }[] };
  readonly left: readonly { traceId: string; why: string }[];
}

function keptOf({ version, isNew, duplicates }: DatasetWritten, left: TracesKept["left"]): TracesKept {
  const told = duplicates.told.map(({ place, of }) => ({ traceId: place ?? "", of }));
  return { version, added: isNew ? version.added : 0, duplicates: { count: duplicates.count, told }, left };
}

/**
 * Keeps traces as items of a dataset, which is created if it does not exist, in one version. Duplicates of an item, in the dataset or
 * among these traces, are left out. Throws `invalid_input` where none of them can be an item.
 */
export async function keepTraces(
  ctx: Pick<Context, "state" | "bulk" | "traces" | "decisions" | "now">,
  { project, name, traceIds, isAnswerRight }: TracesToKeep,
  actor: string,
): Promise<TracesKept> {
  const puts: DatasetChange[] = [];
  const left: { traceId: string; why: string }[] = [];
  for (let from = 0; from < traceIds.length; from += AT_ONCE) {
    const some = traceIds.slice(from, from + AT_ONCE);
    const read = await Promise.all(
      some.map(async (traceId) => ({ traceId, item: await itemOfTrace(ctx, project, traceId, isAnswerRight) })),
    );
    for (const { traceId, item } of read) {
      if (item.kind === "item") puts.push({ kind: "put", content: item.content, place: traceId });
      else left.push({ traceId, why: item.why });
    }
  }
  if (puts.length === 0)
    throw new AppError("invalid_input", `None of these traces can be an item. ${left[0]?.why}`, {
      hint: "Open one, and write down yourself what is asked and what is right.",
    });
  const written = await writeDataset(ctx.bulk, {
    ...{ project, name, changes: [puts], create: true, duplicates: "skip" },
    ...{ note: `kept from ${puts.length} ${puts.length === 1 ? "trace" : "traces"}`, actor, now: new Date(ctx.now()) },
  });
  return keptOf(written, left);
}
