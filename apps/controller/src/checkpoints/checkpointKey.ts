import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { keptSecret } from "@signalbox/db/embedded";
import { AppError, newCheckpointKey, readPublicKeys } from "@signalbox/model";

/** Where the private key is; one that is `named` must be there, the data folder's own is made the first time. */
export type KeyFile = { path: string; isNamed: boolean };

/** The private key that a file holds, for its owner alone. Throws `infrastructure` where it is none for checkpoints, or cannot be read. */
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
 * The public keys of a file, whose checkpoints a new key may go on from. Throws
 * `infrastructure` where it cannot be read, `invalid_input` where it holds none.
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
