import { issuesText } from "@signalbox/model";
import { z } from "zod";

/** A batch that LangSmith's client could not deliver: its destination, and its body as it was to be sent. */
export type FailedBatch = { path: "/runs/multipart" | "/runs/batch"; headers: Record<string, string>; body: Buffer<ArrayBuffer> };

/** The content of a file of LangSmith's client; `unreadable` says why there is none. */
export type FailedBatchFile = { kind: "batch"; batch: FailedBatch } | { kind: "unreadable"; reason: string };

/** The names of the files that the client writes into `LANGSMITH_FAILED_TRACES_DIR`. */
export const FAILED_BATCH_NAME: RegExp = /^trace_.*\.json$/;

/** The format of those files (langsmith for Python, `_write_trace_to_fallback_dir`): everything that a POST needs. */
const Envelope = z.object({
  version: z.literal(1, "it is of a version that is not known"),
  endpoint: z.string().regex(/(^|\/)runs\/(multipart|batch)$/, "it is for no route that takes runs"),
  headers: z.record(z.string(), z.string()),
  body_base64: z.base64("it is no base64: the file was not written whole, or changed since").min(1, "it is empty"),
});

/** Only headers about the encoding of the body are kept: the others may hold another server's secret. */
const KEPT_HEADERS = ["content-type", "content-encoding"];

/** Parses a file of a client's failed batches. Pure. */
export function readFailedBatch(content: Buffer): FailedBatchFile {
  let json: unknown;
  try {
    json = JSON.parse(content.toString("utf8"));
  } catch {
    return { kind: "unreadable", reason: "it is no JSON: the file was not written whole, or changed since" };
  }
  const parsed = Envelope.safeParse(json);
  if (!parsed.success) return { kind: "unreadable", reason: issuesText(parsed.error) };
  const { endpoint, headers, body_base64 } = parsed.data;
  const kept = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    kind: "batch",
    batch: {
      path: endpoint.endsWith("batch") ? "/runs/batch" : "/runs/multipart",
      headers: Object.fromEntries(kept.filter(([name]) => KEPT_HEADERS.includes(name))),
      body: Buffer.from(body_base64, "base64"),
    },
  };
}
