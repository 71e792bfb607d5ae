import { z } from "zod";
import { AppError } from "../errors/errors.ts";
import { ProjectName } from "../projects/project.ts";

/** A dataset's name within its project. It contains no `@`, which separates it from a version. */
export const DatasetName = z
  .string()
  .regex(/^[^\s@\p{C}](?:[^@\p{C}]{0,118}[^\s@\p{C}])?$/u, "a name has 1 to 120 characters, no @, and no space at its ends");

/**
 * A version of a dataset, immutable whatever becomes of the dataset. `number` counts from 1, `hash` is that of its items in their
 * order (`datasetVersionHash`). `added`, `changed` and `removed` count items relative to the version before. Times are ISO 8601, UTC.
 */
export const DatasetVersion = z.strictObject({
  number: z.int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  items: z.int().nonnegative(),
  added: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  removed: z.int().nonnegative(),
  note: z.string(),
  actor: z.string(),
  createdAt: z.iso.datetime(),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

/** A dataset of a project with its latest version, or null before it has one. */
export const Dataset = z.strictObject({
  id: z.uuid(),
  project: ProjectName,
  name: DatasetName,
  description: z.string(),
  createdAt: z.iso.datetime(),
  latest: DatasetVersion.nullable(),
});
export type Dataset = z.infer<typeof Dataset>;

/** A choice of version: the latest, one by number, or one by a prefix of its hash. */
export type DatasetVersionChoice = { kind: "latest" } | { kind: "number"; number: number } | { kind: "hash"; prefix: string };

/** A dataset and a version of it, as people write them: `intents@3`, `intents@latest`, `intents@ab12cd34ef56`. */
export type DatasetReference = { name: string; version: DatasetVersionChoice };

const NUMBER = /^[1-9]\d{0,8}$/;

/** At least twelve digits: more than any version number has. */
const HASH_PREFIX = /^[0-9a-f]{12,64}$/;

function readVersion(text: string): DatasetVersionChoice | undefined {
  if (text === "latest") return { kind: "latest" };
  if (NUMBER.test(text)) return { kind: "number", number: Number(text) };
  return HASH_PREFIX.test(text) ? { kind: "hash", prefix: text } : undefined;
}

/** Reads `<name>@<version>`; a name alone means its latest version. Throws `invalid_input`. */
export function parseDatasetReference(text: string): DatasetReference {
  const at = text.lastIndexOf("@");
  const name = DatasetName.safeParse(at === -1 ? text : text.slice(0, at));
  const version = readVersion(at === -1 ? "latest" : text.slice(at + 1));
  if (name.success && version !== undefined) return { name: name.data, version };
  throw new AppError("invalid_input", `${JSON.stringify(text)} names no version of a dataset.`, {
    hint: "Write <name>@<number>, <name>@latest, or <name>@ with at least 12 digits of the version's hash.",
  });
}

/** The full name of a version: `intents@3`. */
export function formatDatasetReference(name: string, version: Pick<DatasetVersion, "number">): string {
  return `${name}@${version.number}`;
}
