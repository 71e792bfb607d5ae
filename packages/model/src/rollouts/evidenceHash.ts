import { createHash } from "node:crypto";
import { canonicalJson } from "../canonicalJson.ts";
import type { RolloutBlock, RolloutLook } from "./rolloutLook.ts";

/**
 * Extends the hash chain over a rollout's evidence by a look and the blocks that it found: SHA-256
 * (hex) of the previous hash (64 zeros before the first look) and the RFC 8785 text of both. Log
 * entries carry it, so that a look or block changed later no longer fits the entries after it.
 */
export function evidenceHash(before: string, look: RolloutLook, blocks: readonly RolloutBlock[]): string {
  return createHash("sha256").update(before).update(canonicalJson({ look, blocks })).digest("hex");
}
