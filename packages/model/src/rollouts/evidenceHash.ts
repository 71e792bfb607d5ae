import { createHash } from "node:crypto";
import { canonicalJson } from "../canonicalJson.ts";
import type { RolloutBlock, RolloutLook } from "./rolloutLook.ts";

/**
 * Goes on with the hash over a rollout's evidence by a look and the blocks that it found: SHA-256
 * (hex) of the hash before it (64 zeros before the first look) and the RFC 8785 text of both. Entries
 * of the log carry it, so that a look or a block that is changed later fits no entry behind it.
 */
export function evidenceHash(before: string, look: RolloutLook, blocks: readonly RolloutBlock[]): string {
  return createHash("sha256").update(before).update(canonicalJson({ look, blocks })).digest("hex");
}
