import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { canonicalJson, type Decision, EMPTY_CHAIN, sealDecision, stableId, traceIdOf } from "@signalbox/model";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";

/** The number of decisions per benchmark task. */
export const DECISIONS_PER_TASK = 10;

/** The number of tasks at work at the same time, whose decisions interleave. */
const TASKS_AT_ONCE = 100;

/** 2026-11-26T00:00:00Z, in milliseconds since 1970. */
const FIRST_DAY_MS = 1_795_651_200_000;

const KINDS = [
  "routed",
  "understood",
  "recalled",
  "planned",
  "tool_called",
  "planned",
  "tool_called",
  "planned",
  "answered",
  "planned",
] as const;

/** The id of a benchmark task. */
export function benchTaskId(index: number): string {
  return stableId("bench-decisions", String(index));
}

/** A task's decisions, about as large as those of the reference agent. */
function chainOf(index: number): Decision[] {
  const taskId = benchTaskId(index);
  const traceId = traceIdOf(taskId);
  const chain: Decision[] = [];
  for (const [seq, kind] of KINDS.entries()) {
    const detail =
      kind === "tool_called"
        ? {
            arguments: { reservation_id: `R${index}`, user_id: `ann_${index % 977}` },
            callId: `call-${seq}`,
            idempotencyKey: `${taskId}:${seq}`,
          }
        : { intent: "change a booking", turns: seq, session: `s-${index % 4_999}` };
    const decision = sealDecision(chain.at(-1) ?? EMPTY_CHAIN, {
      ...{
        project: "default",
        taskId,
        kind,
        time: new Date(FIRST_DAY_MS + index * 7 + seq * 40).toISOString(),
        attempt: 1,
        traceId,
        detail,
      },
      ...{
        actor: { service: "signalbox-worker", version: "1.0.0" },
        spanId: traceId.slice(0, 16),
        confidence: kind === "understood" ? 0.93 : null,
      },
      ...{
        chosen: seq === KINDS.length - 1 ? "stop" : `${kind} ${seq}`,
        reason: "The message names a reservation, and the plan asks for it.",
      },
    });
    chain.push(decision);
  }
  return chain;
}

const escaped = (text: string): string => text.replace(/[\\\t\n\r]/g, (character) => (character === "\\" ? "\\\\" : encoded(character)));
const encoded = (character: string): string => ({ "\t": "\\t", "\n": "\\n", "\r": "\\r" })[character] ?? character;

function decisionLine(decision: Decision): string {
  const { project, taskId, seq, kind, time, actor, attempt, traceId, spanId, chosen, confidence, reason, detail, prevHash, hash } =
    decision;
  const fields = [
    project,
    taskId,
    seq,
    kind,
    time,
    actor.service,
    actor.version,
    attempt,
    traceId,
    spanId,
    chosen,
    confidence,
    reason,
    canonicalJson(detail),
  ];
  return `${[...fields, prevHash, hash].map((field) => (field === null ? "\\N" : escaped(String(field)))).join("\t")}\n`;
}

function taskLine([first, ...others]: readonly Decision[]): string {
  const last = others.at(-1) ?? first;
  if (first === undefined || last === undefined) throw new TypeError("a task without decisions");
  const { taskId, project, traceId, time } = first;
  return `${[taskId, project, "bench", "w", "done", "{}", "h", "f", traceId, "{}", last.seq, last.hash, time, 1, 1].join("\t")}\n`;
}

const TASK_COLUMNS =
  "id, project, name, world, status, request, request_hash, has_expectation, trace_id, tags, head_seq, head_hash, created_at, attempts, finished_us";

async function copyInto(client: pg.Client, table: string, lines: string[]): Promise<void> {
  await pipeline(Readable.from(lines), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
}

/**
 * Stores about this many decisions (rounded to whole tasks of ten) in the order in which
 * a runtime leaves them, many tasks at a time. `progress` gets the number stored so far.
 */
export async function fillDecisions(
  databaseUrl: string,
  { events, signal, progress }: { events: number; signal: AbortSignal; progress: (events: number) => void },
): Promise<void> {
  await using client = await connected(databaseUrl);
  const tasks = Math.ceil(events / DECISIONS_PER_TASK);
  for (let at = 0; at < tasks; at += TASKS_AT_ONCE) {
    signal.throwIfAborted();
    const chains = Array.from({ length: Math.min(TASKS_AT_ONCE, tasks - at) }, (_, index) => chainOf(at + index));
    await copyInto(client, `task (${TASK_COLUMNS})`, chains.map(taskLine));
    const inTurn = KINDS.flatMap((_, seq) => chains.flatMap((chain) => chain[seq] ?? []));
    await copyInto(
      client,
      "decision (project, task_id, seq, kind, time, actor_service, actor_version, attempt, trace_id, span_id, chosen, confidence, reason, detail, prev_hash, hash)",
      inTurn.map(decisionLine),
    );
    progress(Math.min(events, (at + chains.length) * DECISIONS_PER_TASK));
  }
  await client.query("ANALYZE");
}

async function connected(databaseUrl: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => {});
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/**
 * Statements by which somebody with access to the database can tamper with a
 * task's decisions, each with its undo. Their parameter is the task's id ($1).
 */
const TAMPERINGS = {
  changed: [`UPDATE decision SET reason = overlay(reason placing 'X' from 5 for 1) WHERE task_id = $1 AND seq = 4`],
  removed: [`DELETE FROM decision WHERE task_id = $1 AND seq = 4`],
  swapped: [
    `UPDATE decision SET seq = -1 WHERE task_id = $1 AND seq = 3`,
    `UPDATE decision SET seq = 3 WHERE task_id = $1 AND seq = 6`,
    `UPDATE decision SET seq = 6 WHERE task_id = $1 AND seq = -1`,
  ],
  cut: [
    `DELETE FROM decision WHERE task_id = $1 AND seq >= 7`,
    `UPDATE task SET head_seq = 6, head_hash = (SELECT hash FROM decision WHERE task_id = $1 AND seq = 6) WHERE id = $1`,
  ],
} as const satisfies Record<string, readonly string[]>;

/** The name of a way to tamper with a task's decisions. */
export type Tampering = keyof typeof TAMPERINGS;

/** Tampers with triggers and checks switched off, as somebody with full control of the database can; disposing undoes it. */
export async function tamperWith(databaseUrl: string, taskId: string, tampering: Tampering): Promise<AsyncDisposable> {
  const change = async (statements: readonly { sql: string; values: unknown[] }[]): Promise<void> => {
    await using client = await connected(databaseUrl);
    await client.query("BEGIN");
    await client.query("SET LOCAL session_replication_role = replica");
    for (const { sql, values } of statements) await client.query(sql, values);
    await client.query("COMMIT");
  };
  await using client = await connected(databaseUrl);
  await client.query("CREATE TABLE untampered AS SELECT * FROM decision WHERE task_id = $1".replace("$1", pg.escapeLiteral(taskId)));
  await client.query("ALTER TABLE decision DROP CONSTRAINT IF EXISTS decision_seq_check");
  await change(TAMPERINGS[tampering].map((sql) => ({ sql, values: [taskId] })));
  return {
    [Symbol.asyncDispose]: async () => {
      await change([
        { sql: "DELETE FROM decision WHERE task_id = $1", values: [taskId] },
        { sql: "INSERT INTO decision SELECT * FROM untampered", values: [] },
        { sql: "DROP TABLE untampered", values: [] },
      ]);
    },
  };
}
