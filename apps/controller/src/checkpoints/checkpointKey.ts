import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { keptSecret } from "@signalbox/db/embedded";
import { AppError, newCheckpointKey, readPublicKeys } from "@signalbox/model";

/** The file of the private key. One that is `named` must exist; the data folder's own is created the first time. */
export type KeyFile = { path: string; isNamed: boolean };

/**
 * Reads the private key in a file that only its owner may read. Throws `infrastructure` if it is not a key for checkpoints, or cannot be
 * read.
 */
export function checkpointKey({ path, isNamed }: KeyFile): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(isNamed ? readFileSync(path, "utf8") : keptSecret(path, newCheckpointKey));
  } catch (cause) {
    throw new AppError("infrastructure", `The key of the decision log's checkpoints cannot be read from ${path}.`, {
      cause,
      hint: "SIGNALBOX_CHECKPOINT_KEY names a file that is there; openssl genpkey -algorithm ed25519 makes one.",
    });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new AppError("infrastructure", `The key in ${path} is no Ed25519 key.`, { hint: "Checkpoints are signed with Ed25519." });
}

/**
 * Reads the public keys in a file: a new key may continue their checkpoints. Throws `infrastructure` if the file cannot be read,
 * `invalid_input` if it holds no key.
 */
export function oldCheckpointKeys(path: string): KeyObject[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("infrastructure", `The old keys of checkpoints cannot be read from ${path}.`, {
      cause,
      hint: "SIGNALBOX_CHECKPOINT_OLD_KEYS names a file of public keys.",
    });
  }
  return readPublicKeys(text);
}
