import { createPublicKey } from "node:crypto";
import { keyIdOf } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { ownPublicKey } from "./checkpointKeys.ts";

/** `signalbox decisions public-key`. */
export const decisionsPublicKey: Act = async ({ output, env, flags }) => {
  const publicKey = ownPublicKey(env, loadConfig(env, flags).dataDir);
  output.result({ publicKey, keyId: keyIdOf(createPublicKey(publicKey)) }, () => publicKey.trimEnd());
  return EXIT.pass;
};
