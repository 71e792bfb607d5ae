import { issuesText, sha256 } from "@signalbox/model";
import { z } from "zod";
import { MalformedBody } from "../../decode/index.ts";

/** What was uploaded, as a log record (a request of OTLP in JSON), and what its sender is told: where it is, and how many bytes it has. */
export interface UploadedLog {
  request: Uint8Array;
  url: string;
  size: number;
}

const Upload = z.object({ body: z.string() });

/** What an upload carries: what the trace `traceId` printed (32 hex digits), or with null an object. Throws `MalformedBody`. */
export function uploadedLog(body: Buffer, traceId: string | null): UploadedLog {
  const parsed = Upload.safeParse(jsonOf(body));
  if (!parsed.success) throw new MalformedBody(issuesText(parsed.error));
  const { body: text } = parsed.data;
  return { ...(traceId === null ? objectOf(text) : logfileOf(text, traceId)), size: Buffer.byteLength(text) };
}

/** The JSON of a body, or undefined where it is none. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

type Log = Omit<UploadedLog, "size">;

function logfileOf(text: string, traceId: string): Log {
  return { request: logRequest({ eventName: "agentops.log", traceId, body: { stringValue: text } }), url: `signalbox:traces/${traceId}` };
}

/** Something too large for an attribute. The span that means it has the URL that we answer, which names the record by its content. */
function objectOf(text: string): Log {
  const url = `signalbox:objects/${sha256(text)}`;
  const attributes = [{ key: "agentops.object.url", value: { stringValue: url } }];
  return { request: logRequest({ eventName: "agentops.object", body: { stringValue: text }, attributes }), url };
}

function logRequest(logRecord: object): Buffer {
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] }));
}

/** The SDK writes the id as a decimal number; it is also taken as hex or as a UUID. Null where it is none of these. */
export function traceIdOf(header: string): string | null {
  const hex = header.replaceAll("-", "").toLowerCase();
  if (/^[0-9a-f]{32}$/.test(hex)) return hex;
  if (!/^\d{1,39}$/.test(header)) return null;
  const decimal = BigInt(header).toString(16).padStart(32, "0");
  return decimal.length === 32 ? decimal : null;
}
