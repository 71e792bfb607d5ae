import { createPrivateKey, type KeyObject } from "node:crypto";
import { keptSecret } from "@signalbox/db/embedded";
import { AppError, newCheckpointKey } from "@signalbox/model";

/** The private key that a file holds, made the first time, for the file's owner alone. Throws `infrastructure` where it is none for checkpoints, or cannot be read. */
export function keptCheckpointKey(file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(keptSecret(file, newCheckpointKey));
  } catch (cause) {
    throw new AppError("infrastructure", `The key of the decision log's checkpoints cannot be read from ${file}.`, {
      cause,
      hint: "SIGNALBOX_CHECKPOINT_KEY names another file; where there is none, one is made.",
    });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new AppError("infrastructure", `The key in ${file} is no Ed25519 key.`, { hint: "Checkpoints are signed with Ed25519." });
}
