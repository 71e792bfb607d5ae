import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import type { IntentModel } from "../intentModel.ts";
import { decodeModel, encodeModel, sha256 } from "./modelFile.ts";

/** The number of hexadecimal digits of a file's SHA-256 in its version: enough to avoid collisions by chance. */
const VERSION_DIGITS = 16;

const EXTENSION = ".intents";

/** The pattern of a model's name. A version is a name, a hyphen and the beginning of its file's SHA-256. */
export const MODEL_NAME = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
const MODEL_VERSION = /^[a-z0-9][a-z0-9_.-]{0,63}-([0-9a-f]{16})$/;

/** The folder of trained intent models in a data folder. */
export function modelFolder(dataDir: string): string {
  return join(dataDir, "models", "intents");
}

/** A model stored in a file. */
export interface KeptModel {
  version: string;
  path: string;
  sha256: string;
  bytes: number;
}

/** Stores a model in a folder, completely or not at all. Equal models have the same version: storing one again changes nothing. */
export async function keepModel(folder: string, name: string, model: IntentModel): Promise<KeptModel> {
  const bytes = encodeModel(model);
  const sum = sha256(bytes);
  const version = `${name}-${sum.slice(0, VERSION_DIGITS)}`;
  const path = join(folder, version + EXTENSION);
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await using file = await open(unfinished, "wx");
    await file.writeFile(bytes);
    await file.sync();
    await rename(unfinished, path);
  } catch (cause) {
    throw new AppError("infrastructure", `The model cannot be written to ${folder}.`, {
      cause,
      hint: "Is there room, and may this user write there?",
    });
  }
  return { version, path, sha256: sum, bytes: bytes.length };
}

async function missing(folder: string, version: string): Promise<AppError> {
  const names = await readdir(folder).catch(() => []);
  const kept = names.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length));
  const hint = kept.length === 0 ? "Make one with `signalbox train intents`." : `There are: ${kept.sort().join(", ")}.`;
  return new AppError("not_found", `There is no model ${version} in ${folder}.`, { hint });
}

/** Loads a model by its version. Throws `not_found` where it does not exist, `invalid_input` where its file does not match its version. */
export async function loadModel(folder: string, version: string): Promise<IntentModel> {
  const [, digits] = MODEL_VERSION.exec(version) ?? [];
  if (digits === undefined)
    throw new AppError("invalid_input", `"${version}" is no version of a model.`, {
      hint: "It is what `signalbox train intents` printed.",
    });
  const bytes = await readFile(join(folder, version + EXTENSION)).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") throw await missing(folder, version);
    throw new AppError("infrastructure", `The model ${version} in ${folder} cannot be read.`, { cause });
  });
  const model = decodeModel(version, bytes);
  if (!sha256(bytes).startsWith(digits))
    throw new AppError("invalid_input", `The model ${version} is another one than its name says.`, {
      hint: "Its file was renamed or replaced.",
    });
  return model;
}
