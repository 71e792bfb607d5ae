import { issuesText, parsedJson, sha256 } from "@signalbox/model";
import { z } from "zod";
import { MalformedBody } from "../../decode/index.ts";

/** An upload as a log record (a request of OTLP in JSON), and the answer to its sender: where it is, and its size in bytes. */
export interface UploadedLog {
  request: Uint8Array;
  url: string;
  size: number;
}

const Upload = z.object({ body: z.string() });

/** Parses an upload: the printed output of the trace `traceId` (32 hex digits), or an object if it is null. Throws `MalformedBody`. */
export function uploadedLog(body: Buffer, traceId: string | null): UploadedLog {
  const parsed = Upload.safeParse(parsedJson(body.toString()));
  if (!parsed.success) throw new MalformedBody(issuesText(parsed.error));
  const { body: text } = parsed.data;
  return { ...(traceId === null ? objectOf(text) : logfileOf(text, traceId)), size: Buffer.byteLength(text) };
}

type Log = Omit<UploadedLog, "size">;

function logfileOf(text: string, traceId: string): Log {
  return { request: logRequest({ eventName: "agentops.log", traceId, body: { stringValue: text } }), url: `signalbox:traces/${traceId}` };
}

/** An object too large for an attribute. Its span refers to it by the URL that we return, which names the record by its content. */
function objectOf(text: string): Log {
  const url = `signalbox:objects/${sha256(text)}`;
  const attributes = [{ key: "agentops.object.url", value: { stringValue: url } }];
  return { request: logRequest({ eventName: "agentops.object", body: { stringValue: text }, attributes }), url };
}

function logRequest(logRecord: object): Buffer {
  return Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] }));
}

/** A trace id in 32 hex digits. The SDK writes it as a decimal number; hex and UUIDs are accepted too. Null for anything else. */
export function traceIdOf(header: string): string | null {
  const hex = header.replaceAll("-", "").toLowerCase();
  if (/^[0-9a-f]{32}$/.test(hex)) return hex;
  if (!/^\d{1,39}$/.test(header)) return null;
  const decimal = BigInt(header).toString(16).padStart(32, "0");
  return decimal.length === 32 ? decimal : null;
}
