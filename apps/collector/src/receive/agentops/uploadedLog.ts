import { createHash } from "node:crypto";

/** What was uploaded, as a log record (a request of OTLP in JSON), and what its sender is told. */
export interface UploadedLog {
  request: Buffer;
  url: string;
}

/** What a trace printed. `traceId` is 32 hex digits. */
export function logfileOf(text: string, traceId: string): UploadedLog {
  return { request: logRequest({ eventName: "agentops.log", traceId, body: { stringValue: text } }), url: `signalbox:traces/${traceId}` };
}

/** Something too large for an attribute. The span that means it has the URL that we answer, which names the record by its content. */
export function objectOf(text: string): UploadedLog {
  const url = `signalbox:objects/${createHash("sha256").update(text).digest("hex")}`;
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
