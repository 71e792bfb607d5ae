import { userInfo } from "node:os";
import {
  countDatasetDifferences,
  countDatasetSplits,
  findDatasetItem,
  listDatasetDifferences,
  listDatasetItems,
  listDatasets,
  listDatasetVersions,
  resolveDataset,
  writeDataset,
} from "@signalbox/db/prisma";
import { AppError, DatasetItemContent, DatasetItemId, DatasetName, DatasetSplit, parseDatasetReference } from "@signalbox/model";
import { z } from "zod";
import { KEPT_TRACES_MAX, LIST_LIMITS, UPLOAD_CHARS_MAX } from "../listLimits.ts";
import { PageDirection } from "../pageDirection.ts";
import { Project, TraceAddress, TraceId } from "../project.ts";
import { procedure, router } from "../trpc.ts";
import { createFromFile } from "./createFromFile.ts";
import { itemOfTrace } from "./itemOfTrace.ts";
import { keepTraces } from "./keepTraces.ts";

/** Limits of one answer, and of one act. */
const LIMITS = {
  datasetsMax: 1_000,
  versionsMax: 500,
  itemsMax: 200,
  differencesMax: 50,
  changesMax: 1_000,
  tracesMax: KEPT_TRACES_MAX,
  noteCharsMax: 500,
  descriptionCharsMax: 500,
} as const;

const Named = z.strictObject({ project: Project, name: DatasetName });

/** `latest`, a number, or a prefix of a hash. */
const VersionText = z.string().max(64).default("latest");
const Versioned = Named.extend({ version: VersionText });
const Note = z.string().trim().max(LIMITS.noteCharsMax).default("");

const Change = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("put"), id: DatasetItemId.optional(), content: DatasetItemContent }),
  z.strictObject({ kind: z.literal("remove"), id: DatasetItemId }),
]);
type Change = z.infer<typeof Change>;

const reference = ({ name, version }: { name: string; version: string }) => parseDatasetReference(`${name}@${version}`);

/** A change without its undefined fields. */
function changeOf(change: Change) {
  if (change.kind === "remove") return change;
  const { kind, id, content } = change;
  return { kind, content, ...(id === undefined ? {} : { id }) };
}

export const datasetRouter = router({
  /** A project's datasets, by name, each with its latest version. */
  list: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listDatasets(ctx.state, project, LIMITS.datasetsMax)),

  /** A version of a dataset with its splits, and all versions, latest first. */
  version: procedure.input(Versioned).query(async ({ ctx, input: { project, ...asked } }) => {
    const { dataset, version } = await resolveDataset(ctx.state, project, reference(asked));
    const [splits, versions] = await Promise.all([
      countDatasetSplits(ctx.state, dataset.id, version.number),
      listDatasetVersions(ctx.state, dataset.id, LIMITS.versionsMax),
    ]);
    return { dataset, version, splits, versions };
  }),

  /** A page of a version's items, in order; `cursor` is the position of the last item before it. */
  items: procedure
    .input(
      Versioned.extend({
        split: DatasetSplit.optional(),
        text: z.string().max(LIST_LIMITS.textCharsMax).default(""),
        limit: z.int().min(1).max(LIMITS.itemsMax).default(50),
        cursor: z.int().nonnegative().nullish(),
        direction: PageDirection,
      }),
    )
    .query(async ({ ctx, input: { project, split, text, limit, cursor, direction: _, ...asked } }) => {
      const { dataset, version } = await resolveDataset(ctx.state, project, reference(asked));
      const filter = { after: cursor ?? 0, ...(split === undefined ? {} : { split }), ...(text === "" ? {} : { text }) };
      const items = await listDatasetItems(ctx.state, dataset.id, version.number, filter, limit + 1);
      const shown = items.slice(0, limit);
      return { items: shown, next: items.length > limit ? (shown.at(-1)?.position ?? null) : null };
    }),

  /** One complete item of a version. */
  item: procedure.input(Versioned.extend({ id: DatasetItemId })).query(async ({ ctx, input: { project, id, ...asked } }) => {
    const { dataset, version } = await resolveDataset(ctx.state, project, reference(asked));
    const item = await findDatasetItem(ctx.state, dataset.id, version.number, id);
    if (item === undefined)
      throw new AppError("not_found", `${dataset.name}@${version.number} has no item ${id}.`, { hint: "Another version may have it." });
    return { dataset, version, item };
  }),

  /**
   * The items added, removed and changed between two versions: the counts
   * of all, and a page of them; `cursor` is the number of items before it.
   */
  diff: procedure
    .input(
      Named.extend({
        before: VersionText,
        after: VersionText,
        limit: z.int().min(1).max(LIMITS.differencesMax).default(20),
        cursor: z.int().nonnegative().nullish(),
        direction: PageDirection,
      }),
    )
    .query(async ({ ctx, input: { project, name, before, after, limit, cursor } }) => {
      const from = cursor ?? 0;
      const { dataset, version: old } = await resolveDataset(ctx.state, project, reference({ name, version: before }));
      const { version: now } = await resolveDataset(ctx.state, project, reference({ name, version: after }));
      const numbers = { before: old.number, after: now.number };
      const [counts, differences] = await Promise.all([
        countDatasetDifferences(ctx.state, dataset.id, numbers.before, numbers.after),
        listDatasetDifferences(ctx.state, dataset.id, { ...numbers, from }, limit + 1),
      ]);
      const next = differences.length > limit ? from + limit : null;
      return { ...numbers, counts, differences: differences.slice(0, limit), next };
    }),

  /**
   * Creates a dataset: empty, or with the items of a JSON Lines, JSON or CSV file.
   * Faulty lines are reported with their numbers, and then nothing is created.
   */
  create: procedure
    .input(
      Named.extend({
        description: z.string().trim().max(LIMITS.descriptionCharsMax).default(""),
        file: z
          .strictObject({ name: z.string().min(1).max(200), text: z.string().max(UPLOAD_CHARS_MAX) })
          .nullable()
          .default(null),
      }),
    )
    .mutation(({ ctx, input }) => createFromFile(ctx, input, userInfo().username)),

  /**
   * Makes a version by changes to the one numbered `base`, 0 for none. Refused
   * where that is no longer the latest, or where an item duplicates another.
   */
  edit: procedure
    .input(Named.extend({ base: z.int().nonnegative(), changes: z.array(Change).min(1).max(LIMITS.changesMax), note: Note }))
    .mutation(({ ctx, input: { changes, ...input } }) =>
      writeDataset(ctx.bulk, {
        ...input,
        ...{ changes: [changes.map(changeOf)], duplicates: "refuse", actor: userInfo().username, now: new Date(ctx.now()) },
      }),
    ),

  /** Adds items to a dataset, which is created if it does not exist. Duplicates are left out, and counted. */
  add: procedure
    .input(Named.extend({ items: z.array(DatasetItemContent).min(1).max(LIMITS.changesMax), note: Note }))
    .mutation(({ ctx, input: { items, ...input } }) =>
      writeDataset(ctx.bulk, {
        ...input,
        ...{ changes: [items.map((content) => ({ kind: "put", content }))], create: true, duplicates: "skip" },
        ...{ actor: userInfo().username, now: new Date(ctx.now()) },
      }),
    ),

  /** A trace as an item that may be added, for a person to correct. Throws `not_found` where nobody said anything in it. */
  ofTrace: procedure.input(TraceAddress).query(async ({ ctx, input: { project, traceId } }) => {
    const item = await itemOfTrace(ctx, project, traceId);
    if (item.kind === "item") return item.content;
    throw new AppError("not_found", item.why, { hint: "Write down yourself what is asked and what is right." });
  }),

  /**
   * Adds traces to a dataset, which is made where it is not there, as one version. Says how many were added,
   * which duplicate an item, and which cannot be an item.
   */
  addTraces: procedure
    .input(Named.extend({ traceIds: z.array(TraceId).min(1).max(LIMITS.tracesMax), isAnswerRight: z.boolean().default(true) }))
    .mutation(({ ctx, input }) => keepTraces(ctx, input, userInfo().username)),
});
