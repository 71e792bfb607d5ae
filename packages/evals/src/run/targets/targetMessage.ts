import { issuesText, ToolRequest } from "@signalbox/model";
import { z } from "zod";
import { jsonIn } from "../../scorers/jsonIn.ts";
import { plainReply, type Question, type Reply } from "../target.ts";

/** The message about an item to a target outside this process. */
export function questionMessage({ item, trial, key }: Question): { key: string; item: string; trial: number; input: unknown } {
  return { key, item: item.id, trial, input: item.input };
}

/** The longest answer, in bytes. */
export const ANSWER_BYTES_MAX = 10 * 1024 * 1024;

/** The error for a longer answer. */
export const TOO_LONG = `its answer is longer than ${ANSWER_BYTES_MAX / (1024 * 1024)} MiB`;

/** The text of an answer. Throws a readable error where its bytes are not text. */
export function answerText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error("its answer is not UTF-8", { cause });
  }
}

/** An answer with more than its output. */
const FullAnswer = z.object({
  output: z.unknown(),
  toolCalls: z.array(ToolRequest).nullable().default(null),
  state: z.record(z.string(), z.unknown()).nullable().default(null),
  costUsd: z.number().nonnegative().nullable().default(null),
  tokens: z.int().nonnegative().nullable().default(null),
  traceId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable()
    .default(null),
});

/**
 * Parses a target's answer: a JSON object with an `output` and optional further fields;
 * anything else is the output itself. Throws a readable error for invalid fields.
 */
export function readAnswer(text: string): Reply {
  const value = jsonIn(text.trim());
  if (value === undefined) return plainReply(text.trim());
  if (typeof value !== "object" || value === null || !("output" in value)) return plainReply(value);
  const answer = FullAnswer.safeParse(value);
  if (!answer.success) throw new Error(`its answer cannot be read: ${issuesText(answer.error)}`, { cause: answer.error });
  const { output, ...rest } = answer.data;
  return { ...plainReply(output), ...rest };
}
