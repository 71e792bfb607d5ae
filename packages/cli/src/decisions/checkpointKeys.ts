import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { AppError, checkpointKeyFile, publicKeyText, readPublicKeys } from "@signalbox/model";

/** The content of a file. Throws `invalid_input` where it cannot be read. */
export function readGiven(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `The file ${file} cannot be read.`, { cause });
  }
}

/** The path of the data folder's own key, or the one in SIGNALBOX_CHECKPOINT_KEY. */
export function ownKeyFile({ SIGNALBOX_CHECKPOINT_KEY: named = "" }: NodeJS.ProcessEnv, dataDir: string): string {
  return named === "" ? checkpointKeyFile(dataDir) : named;
}

/**
 * The public half of the key of a data folder (or in SIGNALBOX_CHECKPOINT_KEY),
 * in PEM. Throws where it does not exist yet, or belongs to another user.
 */
export function ownPublicKey(env: NodeJS.ProcessEnv, dataDir: string): string {
  const file = ownKeyFile(env, dataDir);
  try {
    return publicKeyText(createPrivateKey(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new AppError("not_found", `There is no key of checkpoints to be read in ${file}.`, {
      cause,
      hint: "The controller makes it when it starts: ./signalbox up. Elsewhere, give the public one with --public-key.",
    });
  }
}

/** The trusted keys: those in a file, else the data folder's own. */
export function trustedKeys(file: string | undefined, env: NodeJS.ProcessEnv, dataDir: string): KeyObject[] {
  return readPublicKeys(file === undefined ? ownPublicKey(env, dataDir) : readGiven(file));
}
