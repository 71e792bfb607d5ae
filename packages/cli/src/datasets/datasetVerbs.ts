import {
  countDatasetDifferences,
  countDatasetSplits,
  findDatasetItem,
  listDatasetDifferences,
  listDatasetItems,
  listDatasets,
  listDatasetVersions,
  type PrismaClient,
  type ResolvedVersion,
  resolveDataset,
} from "@signalbox/db/prisma";
import { AppError, type DatasetItem, formatDatasetReference, ProjectName, parseDatasetReference } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";

const ROWS_MAX = 1_000;

/** The most characters of a value on a line. */
const SHOWN_CHARS = 60;

/** The flag of all dataset verbs. */
export interface ProjectFlag {
  project: string;
}

const minuteOf = (time: string): string => `${time.slice(0, 16).replace("T", " ")} UTC`;

function shortText(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s+/g, " ");
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS - 1)}…` : text;
}

/** The project that the flags name. */
export function projectOf(flags: ProjectFlag): string {
  return parseArguments(z.object({ project: ProjectName }), { project: flags.project }).project;
}

/** The version that a reference names. */
export function resolve(store: PrismaClient, project: string, reference: string): Promise<ResolvedVersion> {
  return resolveDataset(store, project, parseDatasetReference(reference));
}

/** `signalbox dataset list`. */
export const datasetList: Act<ProjectFlag> = async ({ output, env, flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const datasets = await listDatasets(store, project, ROWS_MAX);
  output.result({ project, datasets }, () =>
    datasets.length === 0
      ? `Project ${project} has no datasets. Make one: ./signalbox dataset import FILE --project ${project}`
      : textTable([
          ["dataset", "version", "items", "changed", "by"],
          ...datasets.map(({ name, latest, createdAt }) => [
            name,
            latest === null ? "none" : String(latest.number),
            String(latest?.items ?? 0),
            minuteOf(latest?.createdAt ?? createdAt),
            latest?.actor ?? "",
          ]),
        ]),
  );
  return EXIT.pass;
};

interface ShowFlags extends ProjectFlag {
  limit: number;
  item?: string;
}

/** `signalbox dataset show <dataset>`: a version, its splits, its first items, and all versions; or one complete item. */
export const datasetShow: Act<ShowFlags> = async ({ output, env, args: [reference = ""], flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const { dataset, version } = await resolve(store, project, reference);
  const name = formatDatasetReference(dataset.name, version);
  if (flags.item !== undefined) {
    const item = await findDatasetItem(store, dataset.id, version.number, flags.item);
    if (item === undefined)
      throw new AppError("not_found", `${name} has no item ${flags.item}.`, { hint: `./signalbox dataset show ${name} lists some.` });
    output.result({ project, dataset: dataset.name, version, item }, () => JSON.stringify(item, null, 2));
    return EXIT.pass;
  }
  const splits = await countDatasetSplits(store, dataset.id, version.number);
  const items = await listDatasetItems(store, dataset.id, version.number, {}, flags.limit);
  const versions = await listDatasetVersions(store, dataset.id, ROWS_MAX);
  output.result({ project, dataset: dataset.name, version, splits, items, versions }, () =>
    [
      `${name} has ${version.items} items (${splits.map(({ split, items: count }) => `${split ?? "no split"}: ${count}`).join(", ")}), hash ${version.hash}.`,
      textTable([["item", "split", "input", "expected"], ...items.map(itemRow)]),
      textTable([
        ["version", "items", "added", "changed", "removed", "made", "by", "note"],
        ...versions.map(({ number, items: count, added, changed, removed, createdAt, actor, note }) => [
          ...[number, count, added, changed, removed].map(String),
          ...[minuteOf(createdAt), actor, note],
        ]),
      ]),
    ].join("\n\n"),
  );
  return EXIT.pass;
};

function itemRow({ id, split, input, expectedOutput, expectedToolCalls }: DatasetItem): string[] {
  const expected = expectedOutput ?? expectedToolCalls?.map(({ name }) => name);
  return [id, split ?? "", shortText(input), expected === undefined ? "" : shortText(expected)];
}

interface DiffFlags extends ProjectFlag {
  limit: number;
}

/** `signalbox dataset diff <before> <after>`: the items added, removed and changed between two versions of a dataset. */
export const datasetDiff: Act<DiffFlags> = async ({ output, env, args: [one = "", other = ""], flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const before = await resolve(store, project, one);
  const after = await resolve(store, project, other);
  if (before.dataset.id !== after.dataset.id)
    throw new AppError("invalid_input", `${before.dataset.name} and ${after.dataset.name} are two datasets.`, {
      hint: "Name two versions of one.",
    });
  const numbers = { before: before.version.number, after: after.version.number };
  const counts = await countDatasetDifferences(store, before.dataset.id, numbers.before, numbers.after);
  const differences = await listDatasetDifferences(store, before.dataset.id, { ...numbers, from: 0 }, flags.limit);
  output.result({ project, dataset: before.dataset.name, ...numbers, counts, differences }, () =>
    [
      `From ${formatDatasetReference(before.dataset.name, before.version)} to ${formatDatasetReference(after.dataset.name, after.version)}: ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed.`,
      ...(differences.length === 0
        ? []
        : [
            textTable(
              differences.map(({ id, change, before: old, after: now }) => [
                change,
                id,
                shortText((now ?? old)?.input),
                fieldsChanged(old, now),
              ]),
            ),
          ]),
    ].join("\n"),
  );
  return EXIT.pass;
};

const FIELDS = ["input", "expectedOutput", "expectedToolCalls", "expectedState", "metadata", "split", "source"] as const;

function fieldsChanged(before: DatasetItem | null, after: DatasetItem | null): string {
  if (before === null || after === null) return "";
  return FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field])).join(", ");
}
