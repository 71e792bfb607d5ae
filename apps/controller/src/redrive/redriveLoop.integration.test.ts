import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import {
  advanceRedrive,
  createPrisma,
  createRedrive,
  createRedriveRule,
  discardLetters,
  forecastRedrive,
  listAudit,
  listDecisions,
  listRedriveItems,
  listRedriveRules,
  type PrismaClient,
  pauseQueue,
  readRedrive,
  resumeQueue,
  steerRedrive,
  steerRedriveRule,
} from "@signalbox/db/prisma";
import { aDeadLetter, storeDeadLetters } from "@signalbox/db/testing";
import { type LetterSelection, newId, type TaskLetter, TaskRequest, verifyChain } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redriveRound } from "./redriveLoop.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

/** Dead letters of one kind in a project of their own, so that no test sees another's. */
async function someLetters(count: number, given: Partial<TaskLetter> = {}): Promise<{ project: string; letters: TaskLetter[] }> {
  const project = `p-${newId()}`;
  const letters = Array.from({ length: count }, () => aDeadLetter({ project, fingerprint: "slow", ...given }));
  await storeDeadLetters(prisma, letters);
  return { project, letters };
}

let nowMs = Date.parse("2026-11-26T12:00:00.000Z");
const confirmed = () => ({ now: new Date(nowMs), confirm: () => undefined });
const GROUP: LetterSelection = { kind: "group", fingerprint: "slow" };

function anOrder(project: string, given: Partial<Parameters<typeof createRedrive>[1]> = {}): Parameters<typeof createRedrive>[1] {
  return {
    ...{ project, name: "after the fix", reason: "the tool is back", actor: "ann", selection: GROUP, version: { kind: "any" } },
    ...{ payload: null, ratePerSecond: 1_000, tryFirst: null, ...given },
  };
}

/** A new controller, as after a restart; its rounds are `pauseMs` apart. */
function aController(store: PrismaClient = prisma, pauseMs = 50): () => Promise<unknown> {
  const redriven = new Counter({ name: "letters", help: "letters", registers: [new Registry()] });
  const round = redriveRound({ prisma: store, clock: () => nowMs, log: pino({ level: "silent" }), redriven });
  return async () => {
    nowMs += pauseMs;
    return round();
  };
}

/** Ends the queued tasks of a project, as done or as new dead letters. */
async function end(project: string, how: "done" | "dead"): Promise<void> {
  const tasks = await prisma.task.findMany({ where: { project, status: "queued" } });
  if (how === "dead")
    await storeDeadLetters(
      prisma,
      tasks.map(({ id, run }) => aDeadLetter({ project, fingerprint: "slow", taskId: id, run, message: "No answer within 5 s." })),
    );
  await prisma.task.updateMany({ where: { project, status: "queued" }, data: { status: how, finishedUs: BigInt(nowMs) * 1_000n } });
}

test("a thousand letters are redriven at their rate by the controller's clock, each once", async () => {
  const { project } = await someLetters(1_000);
  const { redrive } = await createRedrive(prisma, anOrder(project, { ratePerSecond: 200 }), confirmed());
  const round = aController(prisma, 200);
  const perSecond: number[] = [];
  const startedMs = nowMs;
  while (nowMs < startedMs + 5_000) {
    await round();
    if ((nowMs - startedMs) % 1_000 === 0) perSecond.push(await prisma.task.count({ where: { project, status: "queued" } }));
  }
  expect(perSecond).toEqual([201, 401, 601, 801, 1_000]);
  await end(project, "done");
  nowMs += 1_000;
  await round();
  expect(await readRedrive(prisma, project, redrive.id)).toMatchObject({ state: "done", counts: { passed: 1_000, pending: 0 } });
  expect(await prisma.decisionRow.count({ where: { project, kind: "replayed" } })).toBe(1_000);
});

test("a redrive that tries five first stops when they fail again, with the reason and the new letters", async () => {
  const { project, letters } = await someLetters(20);
  const { redrive } = await createRedrive(prisma, anOrder(project, { ratePerSecond: 200, tryFirst: 5 }), confirmed());
  const round = aController();
  for (let rounds = 0; rounds < 40; rounds += 1) await round();
  expect(await prisma.task.count({ where: { project, status: "queued" } })).toBe(5);
  await end(project, "dead");
  for (let rounds = 0; rounds < 10; rounds += 1) await round();
  expect(await readRedrive(prisma, project, redrive.id)).toMatchObject({
    state: "stopped",
    note: "5 of the first 5 failed again: No answer within 5 s.",
    counts: { failed: 5, pending: 15 },
  });
  const [item] = await listRedriveItems(prisma, { redriveId: redrive.id, after: 0, rowsMax: 1, states: ["failed"] });
  const next = await prisma.deadLetter.findUnique({ where: { id: item?.nextLetterId ?? "" } });
  expect(next).toMatchObject({ fingerprint: "slow", run: 2, taskId: item?.taskId });
  expect(letters.map(({ id }) => id)).toContain(item?.letterId);
  expect((await listAudit(prisma, { project, subject: redrive.id, rowsMax: 10 })).map(({ act }) => act).sort()).toEqual([
    "redrive_created",
    "redrive_stopped",
  ]);

  await steerRedrive(prisma, "resume", { project, id: redrive.id, actor: "bob", reason: "those five are known", now: new Date(nowMs) });
  for (let rounds = 0; rounds < 5; rounds += 1) await round();
  expect(await prisma.task.count({ where: { project, status: "queued" } })).toBe(15);
});

/** A store whose process is killed at its `n`th query, before it is sent or after it was answered. */
function killedAt(n: number, when: "before" | "after"): { store: PrismaClient; isSpent: () => boolean } {
  let asked = 0;
  const store = prisma.$extends({
    query: {
      $allOperations: async ({ args, query }: { args: unknown; query: (args: never) => Promise<unknown> }) => {
        asked += 1;
        if (asked === n && when === "before") throw new Error("killed");
        const answer = await query(args as never);
        if (asked === n) throw new Error("killed");
        return answer;
      },
    },
  });
  return { store: store as unknown as PrismaClient, isSpent: () => asked < n };
}

test.each(["before", "after"] as const)("a kill %s any statement loses no letter and redrives none twice", async (when) => {
  const { project } = await someLetters(24);
  const { redrive } = await createRedrive(prisma, anOrder(project, { ratePerSecond: 20 }), confirmed());
  let kills = 0;
  for (let n = 1, isOver = false; !isOver; n += 1) {
    const { store, isSpent } = killedAt(n, when);
    await expect(aController(store)())
      .rejects.toThrow("killed")
      .catch(() => undefined);
    isOver = isSpent();
    kills += isOver ? 0 : 1;
    const running = await prisma.redriveItemRow.count({ where: { redriveId: redrive.id, state: "running" } });
    const queued = await prisma.task.count({ where: { project, status: "queued", run: 2 } });
    const replayed = await prisma.decisionRow.count({ where: { project, kind: "replayed" } });
    const marked = await prisma.deadLetter.count({ where: { project, redrivenAt: { not: null } } });
    expect([queued, replayed, marked]).toEqual([running, running, running]);
  }
  expect(kills).toBeGreaterThan(10);
  const round = aController();
  for (let rounds = 0; rounds < 40; rounds += 1) await round();
  await end(project, "done");
  for (let rounds = 0; rounds < 10; rounds += 1) await round();
  expect(await readRedrive(prisma, project, redrive.id)).toMatchObject({ state: "done", counts: { passed: 24 } });
  expect(await prisma.decisionRow.count({ where: { project, kind: "replayed" } })).toBe(24);
});

test("of two operators who redrive the same letter, one gets it, and the other is told who has it and since when", async () => {
  const { project, letters } = await someLetters(1);
  const selection: LetterSelection = { kind: "letters", ids: letters.map(({ id }) => id) };
  const orders = ["ann", "bob"].map((actor) =>
    createRedrive(prisma, anOrder(project, { actor, name: `of ${actor}`, selection }), confirmed()),
  );
  const [one, other] = await Promise.allSettled(orders);
  const refused = [one, other].find((outcome) => outcome?.status === "rejected");
  const winner = one?.status === "fulfilled" ? "ann" : "bob";
  expect([one?.status, other?.status].sort()).toEqual(["fulfilled", "rejected"]);
  expect(String(refused?.status === "rejected" && refused.reason)).toContain(
    `is being redriven by ${winner} in "of ${winner}", ${new Date(nowMs).toISOString()}`,
  );
  expect((await discardLetters(prisma, { project, selection, actor: "bob", reason: "no use" }, confirmed())).obstructed).toMatchObject([
    { obstacle: "claimed", letters: 1 },
  ]);
});

test("a redrive is paused, resumed and cancelled: its waiting letters are released for others", async () => {
  const { project } = await someLetters(10);
  const { redrive } = await createRedrive(prisma, anOrder(project, { ratePerSecond: 20 }), confirmed());
  const round = aController();
  await round();
  const act = { project, id: redrive.id, actor: "bob", reason: "the tool is slow", now: new Date(nowMs) };
  expect(await steerRedrive(prisma, "pause", act)).toMatchObject({ state: "paused", note: "bob: the tool is slow" });
  const before = await prisma.task.count({ where: { project, status: "queued" } });
  for (let rounds = 0; rounds < 5; rounds += 1) await round();
  expect(await prisma.task.count({ where: { project, status: "queued" } })).toBe(before);
  await expect(steerRedrive(prisma, "pause", act)).rejects.toThrow('The redrive "after the fix" is paused: bob: the tool is slow.');

  await steerRedrive(prisma, "resume", { ...act, now: new Date(nowMs) });
  await round();
  const { counts } = await steerRedrive(prisma, "cancel", act);
  expect(counts).toMatchObject({ pending: 0 });
  expect(counts.running + counts.released).toBe(10);
  await end(project, "done");
  nowMs += 1_000;
  await round();
  expect((await readRedrive(prisma, project, redrive.id)).counts).toMatchObject({ running: 0, passed: counts.running });
  const again = await createRedrive(prisma, anOrder(project), confirmed());
  expect(again.redrive.counts.pending).toBe(counts.released);
  expect(again.obstructed).toMatchObject([{ obstacle: "already_redriven", letters: counts.running }]);
});

test("letters that cannot be redriven are reported beforehand, with who, when and which version", async () => {
  const { project, letters } = await someLetters(3, { versions: ["0.9.0"] });
  const selection: LetterSelection = { kind: "letters", ids: [letters[0]?.id ?? ""] };
  await discardLetters(prisma, { project, selection, actor: "bob", reason: "no use" }, confirmed());
  const forecast = (version: "any" | "same") =>
    forecastRedrive(prisma, { project, selection: GROUP, version: { kind: version }, payload: null, now: new Date(nowMs) });
  expect(await forecast("any")).toMatchObject({
    ...{ letters: 3, redrivable: 2, groups: [{ fingerprint: "slow", letters: 2 }] },
    obstructed: [{ obstacle: "discarded", letters: 1, detail: `discarded by bob, ${new Date(nowMs).toISOString()}` }],
  });
  expect((await forecast("same")).obstructed).toContainEqual(
    expect.objectContaining({ obstacle: "version_gone", letters: 2, detail: expect.stringContaining("version 0.9.0 serves no more") }),
  );
  expect(await listAudit(prisma, { project, rowsMax: 10 })).toMatchObject([{ act: "letters_discarded", actor: "bob", reason: "no use" }]);
});

test("a redrive to another version gives its tasks to that one only, and an unknown name is answered with the nearest", async () => {
  const { project } = await someLetters(1);
  const version = {
    name: "2.0.0",
    hash: "a".repeat(64),
    build: "b2",
    manifest: {},
    registeredAt: new Date(nowMs),
    seenAt: new Date(nowMs),
  };
  await prisma.agentVersionRow.create({ data: version });
  const to = (name: string) => createRedrive(prisma, anOrder(project, { version: { kind: "other", version: name } }), confirmed());
  await expect(to("2.0.1")).rejects.toThrow("version 2.0.1 serves no more: the nearest that serves is 2.0.0");
  await to("2.0.0");
  await aController()();
  expect(await prisma.task.findFirst({ where: { project } })).toMatchObject({ status: "queued", version: "2.0.0", variant: "named" });
});

test("an edited request takes the task's place, and its letter keeps the original", async () => {
  const { project, letters } = await someLetters(1);
  const [letter] = letters;
  if (letter === undefined) throw new Error("there is a letter");
  const payload = TaskRequest.parse({ ...letter.payload, message: "Book me flight HAT001." });
  const selection: LetterSelection = { kind: "letters", ids: [letter.id] };
  const order = (edited: TaskRequest) => createRedrive(prisma, anOrder(project, { selection, payload: edited }), confirmed());
  await expect(order({ ...payload, project: "elsewhere" })).rejects.toThrow("payload.project: it is");
  await expect(order({ ...payload, user: "somebody else" })).rejects.toThrow("payload.user: it is not set and stays so");
  await expect(order({ ...payload, domain: "banking" })).rejects.toThrow("payload.domain: it is airline and stays so");
  await expect(order({ ...payload, version: "9.9.9" })).rejects.toThrow("payload.version: it is not set and stays so");
  const effect = {
    world: letter.payload.world,
    overlay: letter.taskId,
    idempotencyKey: "k",
    call: { name: "book_reservation" },
    answer: {},
  };
  await prisma.toolEffect.create({ data: effect });
  await expect(order(payload)).rejects.toThrow("cannot be edited: it has called book_reservation already");
  await prisma.toolEffect.deleteMany({ where: { overlay: letter.taskId } });

  await order(payload);
  await aController()();
  const task = await prisma.task.findUniqueOrThrow({ where: { id: letter.taskId } });
  expect([(task.request as TaskRequest).message, task.run, task.status]).toEqual(["Book me flight HAT001.", 2, "queued"]);
  const kept = await prisma.deadLetter.findUniqueOrThrow({ where: { id: letter.id } });
  expect(kept.payload).toMatchObject({ message: "Book me a flight." });
  const decisions = await listDecisions(prisma, letter.taskId);
  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
  expect(decisions.at(-1)).toMatchObject({ kind: "replayed", reason: "ann: the tool is back", detail: { actor: "ann", isEdited: true } });
});

test("a rule redrives letters of its kind within its budget, under its own name, and none of a task that ran too often", async () => {
  const { project } = await someLetters(8);
  await storeDeadLetters(prisma, [aDeadLetter({ project, fingerprint: "other" }), aDeadLetter({ project, fingerprint: "slow", run: 3 })]);
  const rule = {
    project,
    name: "slow-tool",
    fingerprint: "slow",
    errorClass: null,
    lettersMax: 5,
    minutes: 10,
    runsMax: 2,
    reason: "it passes",
  };
  await createRedriveRule(prisma, rule, { actor: "ann", now: new Date(nowMs) });
  await expect(createRedriveRule(prisma, rule, { actor: "bob", now: new Date(nowMs) })).rejects.toThrow('a rule named "slow-tool" already');
  const queued = async () => {
    const round = aController();
    for (let rounds = 0; rounds < 10; rounds += 1) await round();
    return prisma.task.count({ where: { project, status: "queued" } });
  };
  expect(await queued()).toBe(5);
  expect(await listRedriveRules(prisma, project, new Date(nowMs))).toMatchObject([
    { lettersInWindow: 5, lastRedriveAt: expect.any(String) },
  ]);
  nowMs += 10 * 60_000;
  const steer = { project, name: "slow-tool", actor: "ann", reason: "an outage", now: new Date(nowMs) };
  expect(await steerRedriveRule(prisma, "pause", steer)).toMatchObject({ pausedAt: steer.now.toISOString(), lettersInWindow: 0 });
  await expect(steerRedriveRule(prisma, "pause", steer)).rejects.toMatchObject({ code: "conflict" });
  expect(await queued()).toBe(5);
  expect(await steerRedriveRule(prisma, "resume", steer)).toMatchObject({ pausedAt: null });
  expect(await queued()).toBe(8);
  const [act] = await listAudit(prisma, { project, rowsMax: 10 });
  expect(act).toMatchObject({ act: "redrive_created", actor: "rule slow-tool", reason: "it passes" });
  const acts = (await listAudit(prisma, { project, rowsMax: 20 })).map((one) => one.act).filter((name) => name.startsWith("rule_"));
  expect(acts.sort()).toEqual(["rule_created", "rule_paused", "rule_resumed"]);
});

test("the audit is not changed", async () => {
  const { project } = await someLetters(1);
  await createRedrive(prisma, anOrder(project), confirmed());
  await expect(prisma.auditRow.updateMany({ where: { project }, data: { actor: "nobody" } })).rejects.toThrow("append-only");
  await expect(prisma.auditRow.deleteMany({ where: { project } })).rejects.toThrow("append-only");
});

test("a redrive that cannot advance delays no other: it goes letter by letter to the failing one, and stops with the reason", async () => {
  const { project, letters } = await someLetters(4);
  const inOrder = letters.map(({ id }) => id).sort();
  const broken = letters.find(({ id }) => id === inOrder[2]);
  await prisma.$executeRawUnsafe(
    `ALTER TABLE task ADD CONSTRAINT a_task_that_stays CHECK (id <> '${broken?.taskId}' OR status = 'dead') NOT VALID`,
  );
  const { redrive } = await createRedrive(prisma, anOrder(project), confirmed());
  const other = await someLetters(3);
  const { redrive: whole } = await createRedrive(prisma, anOrder(other.project), confirmed());
  const round = aController(prisma, 1_000);
  for (let rounds = 0; rounds < 20; rounds += 1) await round();
  await prisma.$executeRawUnsafe("ALTER TABLE task DROP CONSTRAINT a_task_that_stays");
  expect((await readRedrive(prisma, other.project, whole.id)).counts).toMatchObject({ running: 3, pending: 0 });
  const stopped = await readRedrive(prisma, project, redrive.id);
  expect(stopped).toMatchObject({ state: "stopped", counts: { running: 2, pending: 2 } });
  expect(stopped.note).toContain("a_task_that_stays");
  const [act] = await listAudit(prisma, { project, subject: redrive.id, rowsMax: 1 });
  expect(act).toMatchObject({ act: "redrive_stopped", actor: "signalbox-controller" });
});

test("two controllers whose clocks differ hold one rate together", async () => {
  const { project } = await someLetters(60);
  await createRedrive(prisma, anOrder(project, { ratePerSecond: 10 }), confirmed());
  const round = aController(prisma, 0);
  const startMs = nowMs;
  for (let ms = 0; ms < 1_000; ms += 100) {
    for (const behindMs of [0, 30_000]) {
      nowMs = startMs + ms - behindMs;
      await aController(prisma, 0)();
    }
  }
  nowMs = startMs + 1_000;
  await round();
  expect(await prisma.task.count({ where: { project, status: "queued" } })).toBeLessThanOrEqual(11);
});

test("a redrive of a group means its open letters, and counts the others separately", async () => {
  const { project, letters } = await someLetters(5);
  const [first, second] = letters;
  const one = (id = ""): LetterSelection => ({ kind: "letters", ids: [id] });
  await discardLetters(prisma, { project, selection: one(first?.id), actor: "ann", reason: "a test" }, confirmed());
  await createRedrive(prisma, anOrder(project, { selection: one(second?.id), name: "one" }), confirmed());
  await aController()();
  const question = { project, selection: GROUP, version: { kind: "any" } as const, payload: null, now: new Date(nowMs) };
  const forecast = await forecastRedrive(prisma, question);
  expect(forecast).toMatchObject({ letters: 5, redrivable: 3 });
  expect(forecast.obstructed.map(({ obstacle, letters }) => [obstacle, letters]).sort()).toEqual([
    ["already_redriven", 1],
    ["discarded", 1],
  ]);
  const elsewhere = await someLetters(1);
  await prisma.toolEffect.create({
    data: { world: "tau", overlay: elsewhere.letters[0]?.taskId ?? "", idempotencyKey: "k", call: { name: "their_tool" }, answer: {} },
  });
  expect(JSON.stringify((await forecastRedrive(prisma, question)).effects)).not.toContain("their_tool");
});

test("a letter that arrives while its group is locked is left for another redrive", async () => {
  const { project } = await someLetters(1);
  const { promise: isHeld, resolve: held } = Promise.withResolvers<void>();
  const { promise: isStored, resolve: stored } = Promise.withResolvers<void>();
  const holder = prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT 1 FROM dead_letter WHERE project = ${project} FOR UPDATE`;
    held();
    await isStored;
  });
  await isHeld;
  const waiting = createRedrive(prisma, anOrder(project), confirmed());
  const isWaiting = async () => (await prisma.$queryRaw<unknown[]>`SELECT 1 FROM pg_locks WHERE NOT granted`).length > 0;
  while (!(await isWaiting()));
  await storeDeadLetters(prisma, [aDeadLetter({ project, fingerprint: "slow" })]);
  stored();
  await holder;
  expect((await waiting).redrive.counts).toMatchObject({ pending: 1 });
  const rest = { project, selection: GROUP, actor: "bob", reason: "late" };
  expect(await discardLetters(prisma, rest, confirmed())).toMatchObject({
    discarded: 1,
    obstructed: [{ obstacle: "claimed", letters: 1 }],
  });
});

test("while the queue is paused nothing is redriven: a new request is told who paused it and why, earlier ones wait", async () => {
  const { project } = await someLetters(4);
  const [first, ...others] = (await prisma.deadLetter.findMany({ where: { project }, select: { id: true } })).map(({ id }) => id);
  const { redrive } = await createRedrive(prisma, anOrder(project, { selection: { kind: "letters", ids: others } }), confirmed());
  const act = { project, actor: "bob", reason: "the airline is down", now: new Date(nowMs) };
  await pauseQueue(prisma, act);
  const rules = { nextMove: () => ({ kind: "redrive" as const, letters: 2, tokens: 0 }), replay: () => expect.unreachable() };
  expect(await advanceRedrive(prisma, redrive.id, new Date(nowMs), rules)).toEqual({ kind: "wait" });
  await expect(pauseQueue(prisma, act)).rejects.toThrow(`The queue of project ${project} is paused already, by bob: the airline is down.`);
  const late = anOrder(project, { selection: { kind: "letters", ids: [first ?? ""] } });
  await expect(createRedrive(prisma, late, confirmed())).rejects.toThrow(
    /is paused, by bob since .*: the airline is down\. Nothing is put back/,
  );
  const rule = {
    project,
    name: "slow",
    fingerprint: "slow",
    errorClass: null,
    lettersMax: 5,
    minutes: 10,
    runsMax: 2,
    reason: "it passes",
  };
  await createRedriveRule(prisma, rule, { actor: "ann", now: new Date(nowMs) });
  const round = aController(prisma, 1_000);
  for (let rounds = 0; rounds < 4; rounds += 1) await round();
  expect(await prisma.task.count({ where: { project, status: "queued" } })).toBe(0);

  await resumeQueue(prisma, { ...act, reason: "it is back" });
  await expect(resumeQueue(prisma, act)).rejects.toThrow("is not paused");
  for (let rounds = 0; rounds < 4; rounds += 1) await round();
  expect(await prisma.task.count({ where: { project, status: "queued" } })).toBe(4);
  const acts = await listAudit(prisma, { project, subject: "queue", rowsMax: 10 });
  expect(acts.map(({ act, actor, reason }) => [act, actor, reason]).sort()).toEqual([
    ["queue_paused", "bob", "the airline is down"],
    ["queue_resumed", "bob", "it is back"],
  ]);
});
