import { hash } from "node:crypto";
import { canonicalJson, type StoredDecision } from "@signalbox/model";
import type pg from "pg";
import { copyLines } from "./copyLines.ts";

/** What of the log is read: the tasks of `tasks` (a condition on `decision`), and which entries count as signed. */
export type DecisionScan = { tasks: string; signedSize: number };

const COLUMNS = [
  ...["d.task_id", "d.seq", "d.prev_hash", "d.hash", "d.project", "d.kind", "d.time", "d.actor_service", "d.actor_version", "d.attempt"],
  ...["d.trace_id", "d.span_id", "d.chosen", "d.confidence", "d.reason", "d.detail", "e.hash", "e.position"],
].join(", ");

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The text of a field of `COPY`; null is `\N`. */
function fieldText(field: string): string | null {
  if (field === "\\N") return null;
  return field.includes("\\") ? field.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character) : field;
}

/** A time of PostgreSQL's in UTC as decisions have it: ISO 8601 with milliseconds. */
function isoTime(text: string): string {
  const fraction = text.slice(20, text.indexOf("+", 19));
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, "0")}Z`;
}

/** The RFC 8785 text of a JSON text. */
function canonicalText(json: string): string {
  return json === "{}" ? json : canonicalJson(JSON.parse(json));
}

/** A stored number as JSON has it. */
const numberText = (text: string | null): string => (text === null ? "null" : JSON.stringify(Number(text)));

/** The RFC 8785 text that a decision's hash is of, but for what its place gives: pieces between which `prevHash` and `seq` stand. */
function sealedPieces(fields: readonly string[]): [string, string, string] {
  const [taskId = "", , , , ...given] = fields;
  const [project, kind, time, service, version, attempt, traceId, spanId, chosen, confidence, reason, detail] = given.map(fieldText);
  const text = JSON.stringify;
  return [
    `{"actor":{"service":${text(service)},"version":${text(version)}},"attempt":${attempt},"chosen":${text(chosen)},"confidence":${numberText(confidence ?? null)},` +
      `"detail":${canonicalText(detail ?? "null")},"kind":${text(kind)},"prevHash":"`,
    `","project":${text(project)},"reason":${text(reason)},"seq":`,
    `,"spanId":${text(spanId)},"taskId":${text(taskId)},"time":${text(isoTime(time ?? ""))},"traceId":${text(traceId)}}`,
  ];
}

/** A line of `COPY` as a decision. One that holds no JSON, or whatever else keeps it from being one, is sealed nowhere. */
function toStoredDecision(line: string, checkpointAt: (position: number) => number): StoredDecision {
  const fields = line.split("\t");
  const [taskId = "", seqText = "", prevHash = "", ownHash = ""] = fields;
  const [signedHash = "\\N", position = "\\N"] = fields.slice(16);
  const seq = Number(seqText);
  const hashAs = (otherSeq: number, otherPrevHash: string): string => {
    try {
      const [start, middle, end] = sealedPieces(fields);
      return hash("sha256", `${start}${otherPrevHash}${middle}${otherSeq}${end}`, "hex");
    } catch {
      return "";
    }
  };
  return {
    ...{ taskId, seq, prevHash, hash: ownHash, hashAs },
    isSealed: hashAs(seq, prevHash) === ownHash,
    signedHash: fieldText(signedHash),
    checkpoint: position === "\\N" ? null : checkpointAt(Number(position)),
  };
}

/** Decisions in the order of task and seq, many at a time; `checkpointAt` tells which checkpoint an entry is in. The client's transaction is over one moment, its time zone UTC. */
export async function* storedDecisions(
  client: pg.ClientBase,
  { tasks, signedSize }: DecisionScan,
  checkpointAt: (position: number) => number,
): AsyncGenerator<StoredDecision[]> {
  const sql = `SELECT ${COLUMNS} FROM (SELECT * FROM decision WHERE ${tasks}) AS d
LEFT JOIN checkpoint_entry AS e ON e.task_id = d.task_id AND e.seq = d.seq AND e.position < ${signedSize}
ORDER BY d.task_id, d.seq`;
  for await (const lines of copyLines(client, sql)) yield lines.map((line) => toStoredDecision(line, checkpointAt));
}
