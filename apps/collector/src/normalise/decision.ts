import { Decision, parsedJson } from "@signalbox/model";
import { z } from "zod";
import type { AttributeValue } from "../decode/index.ts";

/** A decision and its JSON as it was sent, or the reason why there is none. */
export type ReadDecision = { kind: "decision"; decision: Decision; text: string } | { kind: "unreadable"; reason: string };

/** A decision within the limits of the store's columns. */
const StorableDecision = Decision.extend({
  seq: Decision.shape.seq.max(2 ** 32 - 1),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  time: Decision.shape.time.refine((time) => /^2[01]/.test(time), "is not between 2000 and 2199"),
});

/** Reads the decision from a log record's body, which is JSON text. */
export function readDecision(body: AttributeValue): ReadDecision {
  if (typeof body !== "string") return { kind: "unreadable", reason: "a decision's body is its JSON text, this one is no text" };
  const parsed = StorableDecision.safeParse(parsedJson(body) ?? null);
  if (parsed.success) return { kind: "decision", decision: parsed.data, text: body };
  return {
    kind: "unreadable",
    reason: `no decision: ${parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ")}`,
  };
}
