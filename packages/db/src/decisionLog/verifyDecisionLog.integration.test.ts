import { createPrivateKey, createPublicKey } from "node:crypto";
import { type Checkpoint, EMPTY_CHAIN, entryLeaf, type Finding, newCheckpointKey, newId, sealDecision, traceIdOf } from "@signalbox/model";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { compactChainNews, createPrisma, listDecisions, makeCheckpoint, type PrismaClient, recordErasure } from "../prisma/index.ts";
import { benchTaskId, fillDecisions, type Tampering, tamperWith } from "./benchDecisions.ts";
import { estimateDecisions, type Verification, type VerifiedLog, verifyDecisionLog } from "./verifyDecisionLog.ts";

let stores: TestStores;
let prisma: PrismaClient;
const key = createPrivateKey(newCheckpointKey());

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  await fillDecisions(stores.databaseUrl, { events: 500, signal: new AbortController().signal, progress: () => {} });
  await checkpoint();
  await aTask("ann");
  await checkpoint();
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

async function checkpoint(): Promise<Checkpoint | null> {
  const made = await makeCheckpoint(prisma, { now: new Date(), newsMax: 1_000, key });
  return made.checkpoint;
}

function verify(verification: Partial<Verification> = {}): Promise<VerifiedLog> {
  return verifyDecisionLog(stores.databaseUrl, { keys: [createPublicKey(key)], heads: new Map(), ...verification });
}

/** Runs `work` in a transaction that bypasses the triggers that keep the log, as somebody with full control of the database can. */
async function intruding<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: stores.databaseUrl });
  await client.connect();
  await client.query("BEGIN");
  await client.query("SET LOCAL session_replication_role = replica");
  const result = await work(client);
  await client.query("COMMIT");
  await client.end();
  return result;
}

/** A task of a user, with one decision. */
async function aTask(user: string, id = newId()): Promise<string> {
  await intruding(async (client) => {
    await client.query(
      `INSERT INTO task (id, project, name, world, status, request, request_hash, has_expectation, trace_id, user_id, tags, head_seq, head_hash, created_at)
VALUES ($1, 'default', 't', 'w', 'queued', '{}', 'h', false, $2, $3, '{}', 0, 'h', now())`,
      [id, traceIdOf(id), user],
    );
  });
  await addDecision(id);
  return id;
}

async function addDecision(taskId: string, client?: pg.Client): Promise<void> {
  const decisions = await listDecisions(prisma, taskId);
  const decision = sealDecision(decisions.at(-1) ?? EMPTY_CHAIN, {
    ...{
      project: "default",
      taskId,
      kind: "planned",
      time: "2026-11-26T08:00:00.500Z",
      actor: { service: "test", version: "1" },
      attempt: 1,
    },
    ...{
      traceId: traceIdOf(taskId),
      spanId: null,
      chosen: "a\ttab, a \\ and\na line 🚆",
      confidence: 0.1 + 0.2,
      reason: "because",
      detail: { z: [1e21, "ü"], a: {} },
    },
  });
  const { actor, detail, ...row } = decision;
  const values = [...Object.values({ ...row, service: actor.service, version: actor.version }), JSON.stringify(detail)];
  const columns =
    "project, task_id, kind, time, attempt, trace_id, span_id, chosen, confidence, reason, seq, prev_hash, hash, actor_service, actor_version, detail";
  const sql = `INSERT INTO decision (${columns}) VALUES (${values.map((_, index) => `$${index + 1}`).join(", ")})`;
  if (client !== undefined) await client.query(sql, values);
  else
    await prisma.$executeRawUnsafe(
      `INSERT INTO decision (${columns}) SELECT * FROM json_to_record($1::json) AS r(project text, task_id uuid, kind text, time timestamptz, attempt int, trace_id text, span_id text, chosen text, confidence float8, reason text, seq int, prev_hash text, hash text, actor_service text, actor_version text, detail json)`,
      JSON.stringify(
        Object.fromEntries(columns.split(", ").map((column, index) => [column, column === "detail" ? detail : values[index]])),
      ),
    );
}

const placesOf = (findings: readonly Finding[]) => findings.map(({ kind, taskId, seq }) => [kind, taskId, seq]);

test("a whole log is whole, and says what it covers", async () => {
  const verified = await verify();
  expect(verified).toMatchObject({ findings: [], findingsTotal: 0, tasks: 51, events: 501, eventsAfter: 0, checkpoints: 2 });
  expect(verified.last).toMatchObject({ number: 2, tasks: 51, events: 501, size: 51 });
  expect(await checkpoint()).toBeNull();
});

test.each([
  ["changed", [["altered", 4]]],
  ["removed", [["missing", 4]]],
  [
    "swapped",
    [
      ["reordered", 3],
      ["reordered", 6],
    ],
  ],
  ["cut", [["cut", 7]]],
] as [Tampering, [string, number][]][])("what was %s is found where it is", async (tampering, expected) => {
  const taskId = benchTaskId(7);
  {
    await using _tampered = await tamperWith(stores.databaseUrl, taskId, tampering);
    const places = expected.map(([kind, seq]) => [kind, taskId, seq]);
    expect(placesOf((await verify()).findings)).toEqual(places);
    expect(placesOf((await verify({ taskId })).findings)).toEqual(places);
    expect((await verify({ taskId: benchTaskId(8) })).findings).toEqual([]);
  }
  expect((await verify()).findings).toEqual([]);
});

/** Applies statements to the store, returns the findings, and undoes them. */
async function foundAfter(statements: readonly string[]): Promise<unknown[]> {
  const { findings } = await after(statements, () => verify());
  return findings.map(({ kind, taskId, seq, checkpoint: at }) => [kind, taskId, seq, at]);
}

/** Applies statements to the store, runs `work`, and undoes them. */
async function after<T>(statements: readonly string[], work: () => Promise<T>): Promise<T> {
  const tables = ["decision", "checkpoint", "checkpoint_entry", "checkpoint_news", "erasure"];
  await intruding(async (client) => {
    for (const table of tables) await client.query(`CREATE TABLE saved_${table} AS TABLE ${table}`);
    for (const sql of statements) await client.query(sql);
  });
  const result = await work();
  await intruding(async (client) => {
    for (const table of tables) {
      await client.query(`DELETE FROM ${table}`);
      await client.query(`INSERT INTO ${table} SELECT * FROM saved_${table}`);
      await client.query(`DROP TABLE saved_${table}`);
    }
  });
  return result;
}

const victim = benchTaskId(11);

/** A decision appended to a task's chain whose hash and previous hash do not fit its content. */
const putBehind = (taskId: string): string =>
  `INSERT INTO decision SELECT project, task_id, 10, kind, time, actor_service, actor_version, attempt, trace_id, span_id, chosen, confidence, reason, detail, hash, prev_hash FROM decision WHERE task_id = '${taskId}' AND seq = 9`;

test("threads find what one alone does", async () => {
  const idOf = benchTaskId;
  const statements = [
    `UPDATE decision SET reason = 'forged' WHERE task_id = '${idOf(21)}' AND seq = 4`,
    `UPDATE decision SET reason = 'a "quote"' WHERE task_id = '${idOf(22)}' AND seq = 0`,
    `DELETE FROM decision WHERE task_id = '${idOf(23)}' AND seq = 4`,
    `DELETE FROM decision WHERE task_id = '${idOf(24)}' AND seq > 6`,
    `DELETE FROM decision WHERE task_id = '${idOf(25)}'`,
    putBehind(idOf(26)),
    `INSERT INTO checkpoint_news (task_id) VALUES ('${idOf(27)}')`,
    putBehind(idOf(27)),
    `UPDATE checkpoint_entry SET hash = repeat('a', 64) WHERE task_id = '${idOf(28)}'`,
  ];
  const [alone, together] = await after(statements, async () => [await verify(), await verify({ threads: 2 })] as const);
  expect({ ...together, seconds: 0 }).toEqual({ ...alone, seconds: 0 });
  const kindsOf = (index: number): string[] => together.findings.filter(({ taskId }) => taskId === idOf(index)).map(({ kind }) => kind);
  expect([21, 22, 23, 24, 25, 26, 27, 28].map(kindsOf)).toEqual([
    ...[["altered"], ["altered"], ["missing"], ["cut"], ["removed"], ["altered", "inserted"], ["altered"], ["rewritten"]],
  ]);
});

test("threads read what was written out of turn as it stands", async () => {
  const later = [21, 22].map(
    (index) => `CREATE TEMP TABLE moved_${index} AS SELECT * FROM decision WHERE task_id = '${benchTaskId(index)}' AND seq = 2`,
  );
  const moved = [21, 22].flatMap((index) => [
    `DELETE FROM decision WHERE task_id = '${benchTaskId(index)}' AND seq = 2`,
    `INSERT INTO decision SELECT * FROM moved_${index}`,
  ]);
  const [alone, together] = await after([...later, ...moved], async () => [await verify(), await verify({ threads: 1 })] as const);
  expect({ ...together, seconds: 0 }).toEqual({ ...alone, seconds: 0 });
  expect(together.findings).toEqual([]);
});

test.each([
  ["a whole task that is gone", [`DELETE FROM decision WHERE task_id = '${victim}'`], [["removed", victim, null, 1]]],
  [
    "a task that is gone with its entry",
    [`DELETE FROM decision WHERE task_id = '${victim}'`, `DELETE FROM checkpoint_entry WHERE task_id = '${victim}'`],
    [["entries", null, null, 1]],
  ],
  [
    "a decision that was put in and those after it moved down",
    [
      `UPDATE decision SET seq = seq + 101 WHERE task_id = '${victim}' AND seq >= 5`,
      `INSERT INTO decision SELECT project, task_id, 5, kind, time, actor_service, actor_version, attempt, trace_id, span_id, 'forged', confidence, reason, detail, prev_hash, hash FROM decision WHERE task_id = '${victim}' AND seq = 4`,
      `UPDATE decision SET seq = seq - 100 WHERE task_id = '${victim}' AND seq > 100`,
    ],
    [
      ["inserted", victim, 5, null],
      ["inserted", victim, 10, 1],
    ],
  ],
  [
    "a decision behind the last signed one that was never news",
    [
      `INSERT INTO decision SELECT project, task_id, 10, kind, time, actor_service, actor_version, attempt, trace_id, span_id, chosen, confidence, reason, detail, hash, prev_hash FROM decision WHERE task_id = '${victim}' AND seq = 9`,
    ],
    [
      ["altered", victim, 10, null],
      ["inserted", victim, 10, 1],
    ],
  ],
  ["a checkpoint that was changed", ["UPDATE checkpoint SET tasks = 7 WHERE number = 1"], [["checkpoint", null, null, 1]]],
  ["the first checkpoint, gone", ["DELETE FROM checkpoint WHERE number = 1"], [["checkpoint", null, null, 1]]],
  [
    "an entry that was changed along with its decision",
    [
      `UPDATE decision SET hash = repeat('a', 64) WHERE task_id = '${victim}' AND seq = 9`,
      `UPDATE checkpoint_entry SET hash = repeat('a', 64) WHERE task_id = '${victim}'`,
    ],
    [
      ["entries", null, null, 1],
      ["altered", victim, 9, 1],
    ],
  ],
  [
    "a task that is gone as if it had been erased",
    [
      `INSERT INTO erasure VALUES ('00000000-0000-4000-8000-000000000001', 'default', 'user', repeat('0', 64), 'nobody', now(), now(), '[]')`,
      `DELETE FROM decision WHERE task_id = '${victim}'`,
      `UPDATE checkpoint_entry SET task_id = NULL, seq = NULL, hash = NULL, leaf = '\\x00', erasure = '00000000-0000-4000-8000-000000000001' WHERE task_id = '${victim}'`,
    ],
    [
      ["entries", null, null, 1],
      ["erasure", null, null, 1],
    ],
  ],
  [
    "a confidence that is no number",
    [`UPDATE decision SET confidence = 'NaN' WHERE task_id = '${victim}' AND seq = 5`],
    [["altered", victim, 5, null]],
  ],
  [
    "a time of the same digits before Christ",
    [
      `UPDATE decision SET time = (to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') || '+00 BC')::timestamptz WHERE task_id = '${victim}' AND seq = 5`,
    ],
    [["altered", victim, 5, null]],
  ],
  [
    "detail so deep that no reader gets through it",
    [`UPDATE decision SET detail = (repeat('[', 5000) || repeat(']', 5000))::json WHERE task_id = '${victim}' AND seq = 5`],
    [["altered", victim, 5, null]],
  ],
  [
    "a detail with a key twice",
    [`UPDATE decision SET detail = ('{"arguments":"forged",' || substr(detail::text, 2))::json WHERE task_id = '${victim}' AND seq = 4`],
    [["altered", victim, 4, null]],
  ],
  [
    "a checkpoint of no time, and what it alone covered",
    ["UPDATE checkpoint SET time = 'infinity' WHERE number = 2"],
    [
      ["checkpoint", null, null, 2],
      ["entries", null, null, null],
      ["inserted", expect.any(String), 0, null],
    ],
  ],
  [
    "news of an erasure that was none",
    ["INSERT INTO checkpoint_news (position, erasure) VALUES (3, '00000000-0000-4000-8000-000000000001')"],
    [["erasure", null, null, null]],
  ],
])("%s: found", async (_name, statements, expected) => {
  expect(await foundAfter(statements)).toEqual(expected);
  expect((await verify()).findings).toEqual([]);
});

/** Statements that seal the victim's chain anew from some place on, and its new head. */
async function sealingAnew(): Promise<{ statements: string[]; head: string }> {
  const decisions = await listDecisions(prisma, victim);
  const anew = decisions.slice(0, 5);
  for (const { seq: _, hash: __, prevHash: ___, ...facts } of decisions.slice(5)) {
    const head = anew.at(-1) ?? EMPTY_CHAIN;
    anew.push(sealDecision(head, { ...facts, reason: "as if" }));
  }
  const statements = anew
    .slice(5)
    .map(
      ({ seq, reason, prevHash, hash }) =>
        `UPDATE decision SET reason = '${reason}', prev_hash = '${prevHash}', hash = '${hash}' WHERE task_id = '${victim}' AND seq = ${seq}`,
    );
  return { statements, head: anew.at(-1)?.hash ?? "" };
}

test("a chain that was sealed anew from some place on is found by what was signed", async () => {
  expect(await foundAfter((await sealingAnew()).statements)).toEqual([["rewritten", victim, 9, 1]]);
});

/** Like `foundAfter`, but without the entries' check constraint, which the owner of the table can drop. */
async function foundWithoutCondition(statements: readonly string[]): Promise<unknown[]> {
  const name = "checkpoint_entry_check";
  const condition = await intruding(async (client) => {
    const { rows } = await client.query(`SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = '${name}'`);
    await client.query(`ALTER TABLE checkpoint_entry DROP CONSTRAINT ${name}`);
    return rows[0].text;
  });
  const found = await foundAfter(statements);
  await intruding((client) => client.query(`ALTER TABLE checkpoint_entry ADD CONSTRAINT ${name} ${condition}`));
  return found;
}

/** The leaf that a checkpoint signed for the victim. */
async function signedLeaf(): Promise<string> {
  const { hash, seq } = (await listDecisions(prisma, victim)).at(-1) ?? EMPTY_CHAIN;
  return `'\\x${entryLeaf({ kind: "head", taskId: victim, seq, hash }).toString("hex")}'`;
}

const ANY_ERASURE = "'00000000-0000-4000-8000-000000000001'";

test("a chain that was sealed anew is found though its entry keeps the leaf that was signed", async () => {
  const { statements, head } = await sealingAnew();
  const entry = `UPDATE checkpoint_entry SET hash = '${head}', leaf = ${await signedLeaf()}`;
  const isRewritten = ["entries", null, null, 1];
  for (const rest of ["", `, erasure = ${ANY_ERASURE}, erased_position = 0`, ", erased_position = 0"]) {
    const found = await foundWithoutCondition([...statements, `${entry}${rest} WHERE task_id = '${victim}'`]);
    expect(found).toContainEqual(isRewritten);
  }
});

test("a task that is gone is found though its entry keeps the leaf that was signed", async () => {
  const entry = `UPDATE checkpoint_entry SET task_id = NULL, leaf = ${await signedLeaf()}`;
  for (const rest of ["", ", seq = NULL, hash = NULL", `, seq = NULL, hash = NULL, erasure = ${ANY_ERASURE}, erased_position = 0`]) {
    const found = await foundWithoutCondition([
      `DELETE FROM decision WHERE task_id = '${victim}'`,
      `${entry}${rest} WHERE task_id = '${victim}'`,
    ]);
    expect(found).toContainEqual(["entries", null, null, 1]);
  }
});

/** What is found while a view is in the place of a table, and more was done to the database. */
async function foundWithView({ done = [], undone = [] }: { done?: readonly string[]; undone?: readonly string[] }): Promise<Finding[]> {
  const run = (all: readonly string[]) =>
    intruding(async (client) => {
      for (const sql of all) await client.query(sql);
    });
  await run([...done, "ALTER TABLE checkpoint_entry RENAME TO real_entry", "CREATE VIEW checkpoint_entry AS TABLE real_entry"]);
  const { findings } = await verify();
  await run(["DROP VIEW checkpoint_entry", "ALTER TABLE real_entry RENAME TO checkpoint_entry", ...undone]);
  return findings;
}

const IS_VIEW = [{ kind: "entries", message: expect.stringContaining("checkpoint_entry is no plain table") }];

test("a view in the place of a table is found, whatever it answers", async () => {
  expect(await foundWithView({})).toMatchObject(IS_VIEW);
});

test("a view is found although our own schema has an operator that calls it a table", async () => {
  const done = [
    "CREATE FUNCTION public.never(oid, regclass) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN false",
    "CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = public.never)",
  ];
  expect(await foundWithView({ done, undone: ["DROP FUNCTION public.never CASCADE"] })).toMatchObject(IS_VIEW);
});

test("a column of another type is found, and nothing is read as what it is not", async () => {
  await intruding((client) => client.query("ALTER TABLE decision ALTER COLUMN attempt TYPE float4"));
  const { findings, events } = await verify();
  await intruding((client) => client.query("ALTER TABLE decision ALTER COLUMN attempt TYPE integer"));
  expect(findings).toMatchObject([{ kind: "entries", message: expect.stringContaining("decision.attempt has another type") }]);
  expect(events).toBe(0);
  expect((await verify()).findings).toEqual([]);
});

/** Puts a schema in front of all others, for every session that begins while `work` runs. */
async function shadowed<T>(sql: string, work: () => Promise<T>): Promise<T> {
  const database = new URL(stores.databaseUrl).pathname.slice(1);
  await intruding(async (client) => {
    await client.query(`CREATE SCHEMA shadow; ${sql}`);
    await client.query(`ALTER DATABASE ${pg.escapeIdentifier(database)} SET search_path = shadow, pg_catalog, public`);
  });
  try {
    return await work();
  } finally {
    await intruding(async (client) => {
      await client.query(`ALTER DATABASE ${pg.escapeIdentifier(database)} RESET search_path`);
      await client.query("DROP SCHEMA shadow CASCADE");
    });
  }
}

test("a table in a schema put before ours is not read in its place", async () => {
  const found = await shadowed("CREATE TABLE shadow.decision AS TABLE public.decision", async () => {
    await intruding((client) =>
      client.query("UPDATE public.decision SET reason = reason || '!' WHERE task_id = $1 AND seq = 4", [benchTaskId(3)]),
    );
    const verified = await verify();
    await intruding((client) =>
      client.query("UPDATE public.decision SET reason = left(reason, -1) WHERE task_id = $1 AND seq = 4", [benchTaskId(3)]),
    );
    return verified;
  });
  expect(placesOf(found.findings)).toEqual([["altered", benchTaskId(3), 4]]);
  expect((await verify()).findingsTotal).toBe(0);
});

test("an operator in a schema put before PostgreSQL's own says nothing of what is found", async () => {
  const never = `CREATE FUNCTION shadow.never("char", "char") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR shadow.<> (LEFTARG = "char", RIGHTARG = "char", FUNCTION = shadow.never)`;
  const { findings } = await shadowed(never, async () => {
    await intruding(async (client) => {
      await client.query("ALTER TABLE public.checkpoint_entry RENAME TO real_entry");
      await client.query("CREATE VIEW public.checkpoint_entry AS TABLE public.real_entry");
    });
    const verified = await verify();
    await intruding(async (client) => {
      await client.query("DROP VIEW public.checkpoint_entry");
      await client.query("ALTER TABLE public.real_entry RENAME TO checkpoint_entry");
    });
    return verified;
  });
  expect(findings).toMatchObject([{ kind: "entries", message: expect.stringContaining("checkpoint_entry is no plain table") }]);
});

test("a log without statistics is counted by its size", async () => {
  await intruding((client) => client.query("UPDATE pg_class SET reltuples = -1 WHERE oid = 'decision'::regclass"));
  expect(await estimateDecisions(stores.databaseUrl)).toBeGreaterThan(100);
});

test("a log that somebody else signed is not whole, and neither is one that lacks an exported head", async () => {
  const other = createPublicKey(createPrivateKey(newCheckpointKey()));
  expect((await verify({ keys: [other] })).findings).toMatchObject([
    { kind: "checkpoint", checkpoint: 1 },
    { kind: "checkpoint", checkpoint: 2 },
  ]);
  const heads = new Map([
    [2, "0".repeat(64)],
    [99, "0".repeat(64)],
  ]);
  expect((await verify({ heads })).findings).toMatchObject([
    { kind: "heads", checkpoint: 2 },
    { kind: "heads", checkpoint: 99 },
  ]);
});

test.each([
  ["a checkpoint that was not signed", "UPDATE checkpoint SET signature = 'AAAA' WHERE number = 2"],
  ["a frontier that was changed", "UPDATE checkpoint SET frontier = set_byte(frontier, 0, get_byte(frontier, 0) # 1) WHERE number = 2"],
])("nothing is signed on top of %s", async (_name, statement) => {
  await after([statement, `INSERT INTO checkpoint_news (task_id) VALUES ('${victim}')`], () =>
    expect(checkpoint()).rejects.toThrow("so no other one is made"),
  );
});

test("nothing is signed on top of another key's checkpoints, unless it is a predecessor's", async () => {
  const round = { now: new Date(), newsMax: 10, key: createPrivateKey(newCheckpointKey()) };
  await expect(makeCheckpoint(prisma, round)).rejects.toThrow("a key that is not trusted");
  expect(await makeCheckpoint(prisma, { ...round, predecessors: [createPublicKey(key)] })).toMatchObject({ checkpoint: null });
});

test("a log that was begun anew is not signed by whoever kept the last checkpoint", async () => {
  const { last: kept } = await verify();
  const statements = [
    "DELETE FROM checkpoint",
    "DELETE FROM checkpoint_entry",
    "INSERT INTO checkpoint_news (task_id) SELECT id FROM task",
  ];
  await after(statements, () =>
    expect(makeCheckpoint(prisma, { now: new Date(), newsMax: 10, key, kept })).rejects.toThrow("is not in the store any more"),
  );
});

test("news of an erasure that was none stops nothing, and stays", async () => {
  const news = "INSERT INTO checkpoint_news (position, erasure) VALUES (3, '00000000-0000-4000-8000-000000000001')";
  await after([news, `INSERT INTO checkpoint_news (task_id) VALUES ('${victim}')`], async () => {
    const round = { now: new Date(), newsMax: 10, key };
    expect(await makeCheckpoint(prisma, round)).toEqual({ checkpoint: null, more: false, refused: 1 });
    expect(await prisma.$queryRaw`SELECT task_id FROM checkpoint_news`).toEqual([{ task_id: null }]);
  });
});

test("a forged erasure with all that belongs to it is listed as an erasure, with what it took", async () => {
  const id = "00000000-0000-4000-8000-000000000001";
  const { hash, seq } = (await listDecisions(prisma, victim)).at(-1) ?? EMPTY_CHAIN;
  const leaf = entryLeaf({ kind: "head", taskId: victim, seq, hash }).toString("hex");
  const statements = [
    `INSERT INTO erasure VALUES ('${id}', 'default', 'user', repeat('0', 64), 'nobody', now(), now(), '[]')`,
    `DELETE FROM decision WHERE task_id = '${victim}'`,
    `INSERT INTO checkpoint_news (position, erasure) SELECT position, '${id}' FROM checkpoint_entry, generate_series(1, 2) WHERE task_id = '${victim}'`,
    `UPDATE checkpoint_entry SET task_id = NULL, seq = NULL, hash = NULL, leaf = '\\x${leaf}', erasure = '${id}' WHERE task_id = '${victim}'`,
  ];
  expect(await after(statements, () => verify())).toMatchObject({
    findings: [],
    erasures: [{ id, actor: "nobody", entries: 1, signed: 0 }],
  });
});

test("verification ends however many checkpoints are none any more", async () => {
  const row = "n, now(), 1, 'x', 'x', 1, 1, 0, 'x', 'x', 'x', ''";
  const { findingsTotal, last } = await after([`INSERT INTO checkpoint SELECT ${row} FROM generate_series(3, 4002) AS n`], () => verify());
  expect(findingsTotal).toBe(4_000);
  expect(last).toMatchObject({ number: 2 });
});

test("of a task's news one piece is left", async () => {
  await after([`INSERT INTO checkpoint_news (task_id) SELECT '${victim}' FROM generate_series(1, 5)`], async () => {
    await compactChainNews(prisma);
    expect(await prisma.$queryRaw`SELECT task_id FROM checkpoint_news`).toEqual([{ task_id: victim }]);
  });
});

test("the checkpoint that a verification begins with is checked, too", async () => {
  const since = { number: 2 };
  const keys = [createPublicKey(createPrivateKey(newCheckpointKey()))];
  expect((await verify({ since, keys })).findings).toMatchObject([{ kind: "checkpoint", checkpoint: 2 }]);
  expect((await verify({ since, heads: new Map([[1, "0".repeat(64)]]) })).findings).toMatchObject([{ kind: "heads", checkpoint: 1 }]);
  await expect(verify({ since: { number: 999_999 } })).rejects.toMatchObject({ code: "not_found" });
});

test("since a checkpoint, only what has news is read", async () => {
  expect(await verify({ since: { number: 1 } })).toMatchObject({ tasks: 1, events: 1, findings: [] });
  expect(await verify({ since: { time: new Date(0) } })).toMatchObject({ tasks: 51, findings: [] });
});

test("a commit that becomes visible late is neither missed nor wrong", async () => {
  const id = await aTask("late");
  const slow = new pg.Client({ connectionString: stores.databaseUrl });
  await slow.connect();
  await slow.query("BEGIN");
  await addDecision(id, slow);
  expect(await checkpoint()).toMatchObject({ tasks: 52, events: 502 });
  expect((await verify()).findings).toEqual([]);
  await slow.query("COMMIT");
  await slow.end();
  expect(await verify()).toMatchObject({ findings: [], eventsAfter: 1 });
  expect(await checkpoint()).toMatchObject({ tasks: 52, events: 503 });
  expect(await verify()).toMatchObject({ findings: [], eventsAfter: 0 });
});

test("an erased task is known as erased, before and after a checkpoint signs it, and names nobody", async () => {
  const id = await aTask("zoe");
  await checkpoint();
  await addDecision(id);
  await checkpoint();
  await recordErasure(
    prisma,
    { project: "default", subject: { kind: "user", value: "zoe" }, actor: "operator", clock: Date.now },
    async () => [],
  );
  expect(await verify()).toMatchObject({ findings: [], erasures: [{ kind: "user", actor: "operator", entries: 2, signed: 0 }] });
  expect(await checkpoint()).toMatchObject({ erased: 2 });
  expect(await verify()).toMatchObject({ findings: [], erasures: [{ entries: 2, signed: 2 }] });
  expect(await foundAfter(["UPDATE erasure SET actor = 'somebody else'"])).toMatchObject([["entries", null, null, expect.any(Number)]]);
});
