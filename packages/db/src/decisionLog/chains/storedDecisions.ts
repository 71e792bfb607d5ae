import { hash } from "node:crypto";
import { canonicalJson, isPlainCanonicalJson, jsonText, type StoredDecision } from "@signalbox/model";
import type pg from "pg";
import { copyChunks, LINE_END } from "../copyLines.ts";
import { PlainSeal, SEALED_COLUMNS, type Sealed } from "./plainSeal.ts";
import type { SignedChain } from "./signedChains.ts";
import { numberText, STORED_TIME } from "./storedFields.ts";

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** What neither `COPY` nor JSON leaves as it is. Whole logs pass here: most fields have none of it, and are looked at once. */
const TO_ESCAPE = /["\\\p{Cc}]/u;

/** The text of a field of `COPY`; null is `\N`. */
function fieldText(field: string): string | null {
  if (field === "\\N") return null;
  return field.includes("\\") ? field.replace(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character) : field;
}

/** A time of PostgreSQL's in UTC as decisions have it: ISO 8601 with milliseconds. Throws where it is none. */
function isoTime(text: string): string {
  if (!STORED_TIME.test(text)) throw new TypeError("not a time with milliseconds");
  const fraction = text.slice(20, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, "0")}Z`;
}

/**
 * The RFC 8785 text of a JSON text, which it mostly is already. Throws where it is not as it was written: another
 * text (a key twice, digits that no number keeps) may mean the same to one reader, and something else to the next.
 */
function canonicalText(json: string): string {
  if (isPlainCanonicalJson(json)) return json;
  const value: unknown = JSON.parse(json);
  if (JSON.stringify(value) !== json) throw new TypeError("the text is not the one that was written");
  return canonicalJson(value);
}

/** A field of text as JSON has it. */
function textOf(field = "\\N"): string {
  if (!TO_ESCAPE.test(field)) return `"${field}"`;
  const text = fieldText(field);
  return text === null ? "null" : jsonText(text);
}

/** The RFC 8785 text that a decision's hash is of, in three pieces: between them stand `prevHash` and `seq`. */
function sealedPieces(fields: readonly string[]): [string, string, string] {
  const [
    taskId = "",
    ,
    ,
    ,
    service,
    version,
    attempt,
    chosen,
    confidence = "",
    detail = "",
    kind,
    project,
    reason,
    spanId,
    time = "",
    traceId,
  ] = fields;
  const sure = confidence === "\\N" ? "null" : numberText(confidence);
  if (sure === undefined) throw new TypeError("not a finite number");
  const given = canonicalText(fieldText(detail) ?? "null");
  return [
    `{"actor":{"service":${textOf(service)},"version":${textOf(version)}},"attempt":${attempt},"chosen":${textOf(chosen)},"confidence":${sure},"detail":${given},"kind":${textOf(kind)},"prevHash":`,
    `,"project":${textOf(project)},"reason":${textOf(reason)},"seq":`,
    `,"spanId":${textOf(spanId)},"taskId":"${taskId}","time":"${isoTime(time)}","traceId":${textOf(traceId)}}`,
  ];
}

/**
 * The hash that the decision of a line of `COPY` would have at another place. One
 * that holds no JSON, or whatever else keeps it from being one, is sealed nowhere.
 */
function hashOf(line: string, seq: number, prevHash: string): string {
  try {
    const [start, middle, end] = sealedPieces(line.split("\t"));
    return hash("sha256", `${start}${jsonText(prevHash)}${middle}${seq}${end}`, "hex");
  } catch {
    return "";
  }
}

/**
 * Decisions of `tasks` (a condition) in the order of task and seq, many at a
 * time, each with what is signed of it. The client is one of `atOneMoment`.
 */
export async function* storedDecisions(
  client: pg.ClientBase,
  tasks: string,
  signedChains: ReadonlyMap<string, SignedChain>,
): AsyncGenerator<StoredDecision[]> {
  const plainSeal = new PlainSeal();
  const toStored = (chunk: Buffer, start: number, end: number): StoredDecision => {
    const text = (): string => chunk.toString("utf8", start, end);
    const plain = plainSeal.sealed(chunk, start, end);
    const decision = plain ?? placedIn(text());
    const signed = signedChains.get(decision.taskId)?.bySeq.get(decision.seq);
    return {
      ...decision,
      hashAs: (seq, prevHash) => hashOf(text(), seq, prevHash),
      isSealed: plain !== undefined || hashOf(text(), decision.seq, decision.prevHash) === decision.hash,
      signedHash: signed?.hash ?? null,
      checkpoint: signed?.checkpoint ?? null,
    };
  };
  const sql = `SELECT ${SEALED_COLUMNS} FROM decision WHERE ${tasks} ORDER BY task_id, seq`;
  for await (const chunk of copyChunks(client, sql)) {
    const decisions: StoredDecision[] = [];
    for (let start = 0, end = chunk.indexOf(LINE_END); end >= 0; start = end + 1, end = chunk.indexOf(LINE_END, start))
      decisions.push(toStored(chunk, start, end));
    yield decisions;
  }
}

/** What a line says of where its decision stands. */
function placedIn(line: string): Sealed {
  const [taskId = "", seq = "", prevHash = "", ownHash = ""] = line.split("\t", 4);
  return { taskId, seq: Number(seq), prevHash, hash: ownHash };
}
