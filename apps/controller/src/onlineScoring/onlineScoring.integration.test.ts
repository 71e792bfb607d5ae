import { createClickHouse, createScoreLedger, createScoreReader, createTraceStore, insertScores } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { countUnmatched, createPrisma, createProject, listRuleWork, removeScoreRule, setScoreRule } from "@signalbox/db/prisma";
import { aSpan, type SpanOutlines, storeSpans } from "@signalbox/db/testing";
import type { FindAsk } from "@signalbox/evals";
import { AppError, isInScoredShare, NewProject, ScoreRuleDraft, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookRound } from "./lookRound.ts";
import { TRIES_MAX } from "./nextOutcome.ts";
import { LEASE_MS, openScoreRounds } from "./scoreRounds.ts";

const START_MS = Date.now() - 1_800_000;

let stores: TestStores;
let prisma: ReturnType<typeof createPrisma>;
let clickhouse: ReturnType<typeof createClickHouse>;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
});

afterAll(async () => {
  await Promise.all([prisma?.$disconnect(), clickhouse?.close()]);
  await stores?.[Symbol.asyncDispose]();
});

const said = (role: string, content: string) => [{ role, parts: [{ type: "text" as const, content }] }];

/** A project whose rules began to look at `START_MS`, with its loops, run round by round at the times that the test sets. */
async function openScoring(project: string, findAsk?: FindAsk) {
  await createProject(prisma, NewProject.parse({ name: project }), new Date(START_MS));
  const ledger = createScoreLedger(clickhouse);
  const outcomes = new Counter({ name: "scored", help: "x", labelNames: ["project", "state"], registers: [new Registry()] });
  const at = { nowMs: START_MS, readableUntilMs: START_MS };
  /** After so many writes, to either store, the process "dies": just before the write, or just after it. */
  const kill: { after: number; isBefore: boolean } = { after: Number.POSITIVE_INFINITY, isBefore: false };
  const deadly = async <T>(write: () => Promise<T>): Promise<T> => {
    kill.after -= 1;
    if (kill.after < 0) throw new Error("killed");
    if (kill.after === 0 && kill.isBefore) throw new Error("killed");
    const written = await write();
    if (kill.after === 0) throw new Error("killed");
    return written;
  };
  const mortal = { ...ledger, write: (...given: Parameters<typeof ledger.write>) => deadly(() => ledger.write(...given)) };
  const openRounds = () => {
    const clock = () => at.nowMs;
    const scoring = openScoreRounds({
      ...{ prisma, clock, outcomes, ledger: mortal, traces: createTraceStore(clickhouse), log: pino({ level: "silent" }) },
      insert: (scores, token) => deadly(() => insertScores(clickhouse, scores, token)),
      findAsk:
        findAsk ??
        (() => {
          throw new AppError("invalid_input", "There is no model.");
        }),
    });
    return async () => {
      try {
        while ((await lookRound({ prisma, clock, ledger: mortal, readableUntilMs: async () => at.readableUntilMs })) === "more");
        while ((await scoring.round()) === "more");
      } catch (error) {
        // Nothing of a killed process goes on.
        await scoring.close();
        throw error;
      }
    };
  };
  return {
    at,
    kill,
    openRounds,
    ledger,
    set: (draft: object) =>
      setScoreRule(
        prisma,
        ScoreRuleDraft.parse({ project, name: "short", waitSeconds: 5, scorers: [{ name: "latency", options: { maxMs: 500 } }], ...draft }),
        {
          actor: "ann",
          now: new Date(at.nowMs),
        },
      ),
    storeAll: (spans: SpanOutlines[]) =>
      storeSpans(
        clickhouse,
        spans.map((span) => aSpan({ project, ...span })),
        (START_MS + 1_000) * 1_000,
      ),
    store: (trace: string, receivedMs: number, given: SpanOutlines = {}) =>
      storeSpans(
        clickhouse,
        [aSpan({ project, trace, inputMessages: said("user", "hello"), outputMessages: said("assistant", "hi"), ...given })],
        (START_MS + receivedMs) * 1_000,
      ),
    /**
     * Advances time to `ms` after the start, when everything received before `readableMs` is readable: rules look at that minute by minute.
     * Claims age with it: they use the database's clock.
     */
    async pass(ms: number, readableMs = ms): Promise<void> {
      const seconds = (START_MS + ms - at.nowMs) / 1_000;
      await prisma.$executeRaw`UPDATE score_claim SET held_until = held_until - make_interval(secs => ${seconds}), claimed_at = claimed_at - make_interval(secs => ${seconds})`;
      at.nowMs = START_MS + ms;
      at.readableUntilMs = START_MS + readableMs;
    },
    async counts(): Promise<Record<string, number>> {
      const rows = await ledger.counts(project, 0, Date.now() + 1e9);
      return Object.fromEntries(rows.map(({ version, state, traces }) => [`${state}@${version}`, traces]));
    },
    scoresOf: async (trace: string) =>
      (await createScoreReader(clickhouse).ofTrace(project, traceIdOf(trace), 10)).map(({ name, value, label, scorer }) => ({
        name,
        value,
        label,
        scorer,
      })),
    unmatched: async () => [...(await countUnmatched(prisma, project, new Date(0))).values()],
  };
}

test("killed before or after each of its writes, the loop enters every trace that is over once, and scores it once", async () => {
  const scoring = await openScoring("killed");
  const rule = await scoring.set({ filter: { only: { service: ["test"] } }, share: 0.5 });
  const names = Array.from({ length: 120 }, (_, index) => `t${index}`);
  await scoring.storeAll(names.map((trace, index) => ({ trace, lastsMs: index % 2 === 0 ? 100 : 900 })));
  await scoring.storeAll(["x", "y", "z"].map((trace) => ({ trace, service: "other" })));
  await scoring.pass(60_000);
  let kills = 0;
  for (let after = 1; after <= 4; after += 1)
    for (const isBefore of [true, false]) {
      Object.assign(scoring.kill, { after, isBefore });
      // Claims of a killed process expire after a while.
      await scoring.pass(60_000 + (2 * after + Number(!isBefore)) * 2 * LEASE_MS, 60_000);
      await scoring
        .openRounds()()
        .catch((error: Error) => {
          expect(error.message).toBe("killed");
          kills += 1;
        });
      const counts = Object.values(await scoring.counts());
      // Nothing in the ledger is lost, and nothing is in it twice.
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(kills === 1 && isBefore ? 0 : names.length);
    }
  scoring.kill.after = Number.POSITIVE_INFINITY;
  await scoring.pass(60_000 + 20 * LEASE_MS, 60_000);
  await scoring.openRounds()();
  expect(kills).toBe(8);
  const taken = names.filter((name) => isInScoredShare(traceIdOf(name), 0.5));
  expect(await scoring.counts()).toEqual({ "scored@1": taken.length, "sampled_out@1": names.length - taken.length });
  expect(await scoring.unmatched()).toEqual([3]);
  for (const name of names.slice(0, 10)) {
    const isShort = names.indexOf(name) % 2 === 0;
    const score = { name: "latency", value: isShort ? 1 : 0, label: isShort ? "pass" : "fail", scorer: `rule:${rule.name}@1` };
    expect(await scoring.scoresOf(name)).toEqual(taken.includes(name) ? [score] : []);
  }
});

test("a trace that goes on stays as entered, a changed rule resumes where it was, and traces wait while judges are away", async () => {
  const model = { isAway: true, answer: '{"reasoning":"Kind.","grade":1}' };
  const scoring = await openScoring("changing", () => async () => {
    if (model.isAway) throw new AppError("model_unavailable", "The model is away.");
    return { text: model.answer, model: "m", inputTokens: 10, outputTokens: 2 };
  });
  const rounds = scoring.openRounds();
  await scoring.set({});
  await scoring.store("early", 1_000);
  await scoring.pass(10_000);
  await rounds();
  await scoring.store("early", 11_000, { id: "late", parent: "root" });
  const scorers = [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }];
  expect((await scoring.set({ scorers })).version).toBe(2);
  await scoring.store("later", 12_000);
  await scoring.pass(20_000);
  await rounds();
  expect(await scoring.counts()).toEqual({ "scored@1": 1, "waiting@2": 2 });
  const [waits] = await scoring.ledger.ofTrace("changing", traceIdOf("later"));
  expect(waits).toMatchObject({ state: "waiting", tries: 1, reason: "The model is away." });

  model.isAway = false;
  await scoring.pass(40_000);
  await rounds();
  expect(await scoring.counts()).toEqual({ "scored@1": 1, "scored@2": 2 });
  expect(await scoring.scoresOf("later")).toEqual([
    { name: "kind", value: 1, label: "", scorer: expect.stringMatching(/^judge:[0-9a-f]{16}$/) },
  ]);
  expect(
    await scoring.ledger.list({ project: "changing", ruleId: waits?.ruleId ?? "", state: "scored", before: null, rowsMax: 10 }),
  ).toHaveLength(3);
  expect(await scoring.ledger.means("changing", 0, Date.now() + 1e9)).toMatchObject([
    { name: "kind", mean: 1, traces: 2 },
    { name: "latency", traces: 1 },
  ]);

  model.answer = "I would rather not say.";
  await scoring.store("nonsense", 45_000);
  await scoring.pass(60_000);
  await rounds();
  expect(await scoring.scoresOf("nonsense")).toEqual([]);
  const [failed] = await scoring.ledger.ofTrace("changing", traceIdOf("nonsense"));
  expect(failed).toMatchObject({
    state: "failed",
    tokens: 24,
    reason: expect.stringContaining("kind: no score: the judge answered outside its schema"),
  });
});

test("traces that wait for a removed rule have failed, and a rule whose judge has no model says so", async () => {
  const scoring = await openScoring("removed");
  await scoring.set({ scorers: [{ name: "judge", options: { model: "m", rubric: "?" } }] });
  await scoring.store("one", 1_000);
  await scoring.pass(10_000);
  await scoring.openRounds()();
  const noteOf = async () => (await listRuleWork(prisma)).filter(({ project }) => project === "removed").map(({ note }) => note);
  expect([await noteOf(), await scoring.counts()]).toEqual([["There is no model."], { "waiting@1": 1 }]);
  await removeScoreRule(prisma, { project: "removed", name: "short", now: new Date(scoring.at.nowMs) });
  await scoring.openRounds()();
  expect([await noteOf(), await scoring.counts()]).toEqual([[], { "failed@1": 1 }]);
});

test("a rule with an hourly limit scores that many traces, and the rest waits", async () => {
  const scoring = await openScoring("limited");
  await scoring.set({ tracesPerHourMax: 2 });
  await scoring.storeAll(["a", "b", "c", "d", "e"].map((trace) => ({ trace })));
  await scoring.pass(60_000);
  const rounds = scoring.openRounds();
  await rounds();
  await rounds();
  expect(await scoring.counts()).toEqual({ "scored@1": 2, "waiting@1": 3 });
  await scoring.set({ tracesPerHourMax: 4 });
  await rounds();
  expect(await scoring.counts()).toEqual({ "scored@1": 4, "waiting@1": 1 });
  await scoring.pass(3_700_000, 60_000);
  await rounds();
  expect(await scoring.counts()).toEqual({ "scored@1": 5 });
});

test("two loops on the same stores ask a judge once for each trace", async () => {
  const asked: string[] = [];
  const scoring = await openScoring("two", () => async ({ user }) => {
    asked.push(user);
    await new Promise((resolve) => setImmediate(resolve));
    return { text: '{"reasoning":"Kind.","grade":1}', model: "m", inputTokens: 10, outputTokens: 2 };
  });
  await scoring.set({ scorers: [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }] });
  const names = Array.from({ length: 24 }, (_, index) => `two-${index}`);
  await scoring.storeAll(names.map((trace) => ({ trace, inputMessages: said("user", trace), outputMessages: said("assistant", "hi") })));
  await scoring.pass(60_000);
  const loops = [scoring.openRounds(), scoring.openRounds()];
  for (let round = 0; round < 20 && (await scoring.counts())["scored@1"] !== names.length; round += 1)
    await Promise.all(loops.map((loop) => loop()));
  expect(await scoring.counts()).toEqual({ "scored@1": names.length });
  expect(asked.map((user) => JSON.parse(user).input).toSorted()).toEqual(names.toSorted());
});

test("traces claimed by a killed loop are scored once more when the lease has expired, and the ledger says so", async () => {
  let asked = 0;
  const scoring = await openScoring("lease", () => async () => {
    asked += 1;
    return { text: '{"reasoning":"Kind.","grade":1}', model: "m", inputTokens: 10, outputTokens: 2 };
  });
  await scoring.set({ scorers: [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }] });
  await scoring.store("one", 1_000);
  await scoring.pass(10_000);
  // The first write enters the trace into the ledger; the process dies before the second, which stores its score.
  Object.assign(scoring.kill, { after: 2, isBefore: true });
  await expect(scoring.openRounds()()).rejects.toThrow("killed");
  scoring.kill.after = Number.POSITIVE_INFINITY;
  const other = scoring.openRounds();
  await other();
  expect([asked, await scoring.counts()]).toEqual([1, { "waiting@1": 1 }]);
  await scoring.pass(10_000 + LEASE_MS);
  await other();
  await other();
  expect([asked, await scoring.counts()]).toEqual([2, { "scored@1": 1 }]);
  const [outcome] = await scoring.ledger.ofTrace("lease", traceIdOf("one"));
  expect(outcome).toMatchObject({ state: "scored", reason: expect.stringContaining("scored once more"), scores: { kind: 1 } });
});

test("what a controller had claimed when it was killed is scored side by side, whosever it is", async () => {
  const [names, kinds] = [
    ["side 1", "side 2", "side 3"],
    ["left", "right"],
  ] as const;
  const all = names.length * kinds.length;
  let asked = 0;
  let gate = Promise.withResolvers<void>();
  let onAll = (): void => undefined;
  // Nobody is answered before everybody has asked.
  const findAsk: FindAsk =
    () =>
    async ({ user }) => {
      if (String(JSON.parse(user).input).startsWith("side")) {
        asked += 1;
        if (asked === all) {
          onAll();
          gate.resolve();
        }
        await gate.promise;
      }
      return { text: '{"reasoning":"Kind.","grade":1}', model: "m", inputTokens: 10, outputTokens: 2 };
    };
  const [left, right] = [await openScoring("left", findAsk), await openScoring("right", findAsk)];
  for (const scoring of [left, right]) {
    await scoring.set({ scorers: [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }] });
    await scoring.storeAll(names.map((trace) => ({ trace, inputMessages: said("user", trace), outputMessages: said("assistant", "hi") })));
  }
  onAll = () => {
    left.kill.after = 0;
  };
  await left.pass(60_000);
  await expect(left.openRounds()()).rejects.toThrow("killed");
  expect(asked).toBe(all);
  expect(await right.counts()).toEqual({ "waiting@1": names.length });

  [asked, gate, onAll] = [0, Promise.withResolvers<void>(), () => undefined];
  left.kill.after = Number.POSITIVE_INFINITY;
  await left.pass(60_000 + LEASE_MS, 60_000);
  await left.openRounds()();
  expect(asked).toBe(all);
  for (const scoring of [left, right]) expect(await scoring.counts()).toEqual({ "scored@1": names.length });
});

test("a trace that ends whoever scores it has failed after six tries, and those beside it are scored", async () => {
  const asked: string[] = [];
  const scoring = await openScoring("deadly", () => async ({ user }) => {
    const { input } = JSON.parse(user);
    asked.push(input);
    // The process is dead: nothing is written any more.
    if (input === "deadly") scoring.kill.after = 0;
    return { text: '{"reasoning":"Kind.","grade":1}', model: "m", inputTokens: 10, outputTokens: 2 };
  });
  await scoring.set({ scorers: [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }] });
  const names = ["one", "deadly", "two"];
  await scoring.storeAll(names.map((trace) => ({ trace, inputMessages: said("user", trace), outputMessages: said("assistant", "hi") })));
  for (let process = 0; process < 8; process += 1) {
    scoring.kill.after = Number.POSITIVE_INFINITY;
    await scoring.pass(60_000 + process * LEASE_MS, 60_000);
    await scoring
      .openRounds()()
      .catch(({ message }: Error) => expect(message).toBe("killed"));
  }
  expect(await scoring.counts()).toEqual({ "scored@1": 2, "failed@1": 1 });
  expect(asked.filter((input) => input === "deadly")).toHaveLength(TRIES_MAX);
  expect(asked).toHaveLength(TRIES_MAX + 6);
  const [failed] = await scoring.ledger.ofTrace("deadly", traceIdOf("deadly"));
  expect(failed).toMatchObject({
    state: "failed",
    tries: TRIES_MAX,
    reason: expect.stringContaining("6 of 6 tries to score it never ended"),
  });
});

test("a judge that takes its time holds up no other project", async () => {
  const answer = Promise.withResolvers<void>();
  const slow = await openScoring("slow", () => async () => {
    await answer.promise;
    return { text: '{"reasoning":"Kind.","grade":1}', model: "m", inputTokens: 10, outputTokens: 2 };
  });
  const quick = await openScoring("quick");
  await slow.set({ scorers: [{ name: "judge", as: "kind", options: { model: "m", rubric: "Is it kind?" } }] });
  await quick.set({});
  for (const { store } of [slow, quick]) await store("one", 1_000);
  await slow.pass(10_000);
  const rounds = slow.openRounds()();
  try {
    await expect.poll(() => quick.counts(), { timeout: 20_000 }).toEqual({ "scored@1": 1 });
    expect(await slow.counts()).toEqual({ "waiting@1": 1 });
  } finally {
    answer.resolve();
    await rounds;
  }
  expect(await slow.counts()).toEqual({ "scored@1": 1 });
});

test("of a trace that is too large, its beginning and its end are read, and the judge is told", async () => {
  const project = "long";
  const scoring = await openScoring(project);
  const body = "x".repeat(3_000);
  for (const [index, text] of ["first", ...Array<string>(7).fill(body), "last"].entries())
    await scoring.store("long", 1_000, {
      ...{ id: `s${index}`, ...(index === 0 ? {} : { parent: "s0" }), atMs: index },
      ...{ inputMessages: said("user", text), outputMessages: said("assistant", text) },
    });
  const store = createTraceStore(clickhouse);
  const some = await store.talkingEnds(project, traceIdOf("long"), { spansMax: 2_000, bytesMax: 20_000 });
  expect([some.all, some.spans.length]).toEqual([9, 4]);
  expect(some.leftOutBytes).toBeGreaterThan(5 * 6_000);
  const few = await store.talkingEnds(project, traceIdOf("long"), { spansMax: 4, bytesMax: 1_000_000 });
  expect(few.spans).toHaveLength(4);
  const all = await store.talkingEnds(project, traceIdOf("long"), { spansMax: 2_000, bytesMax: 1_000_000 });
  expect([all.spans.length, all.leftOutBytes]).toEqual([9, 0]);
});

test("a step larger than the read limit hides neither the trace's question nor its answer", async () => {
  const project = "large";
  const scoring = await openScoring(project);
  const large = "x".repeat(30_000);
  const step = (trace: string, index: number, text: string) =>
    scoring.store(trace, 1_000, {
      ...{ id: `${trace}${index}`, ...(index === 0 ? {} : { parent: `${trace}0` }), atMs: index },
      ...{ inputMessages: said("user", text), outputMessages: said("assistant", text) },
    });
  const texts = { alone: [large], first: [large, "second", "last"], last: ["first", "answer", large], middle: ["first", large, "last"] };
  for (const [trace, some] of Object.entries(texts)) for (const [index, text] of some.entries()) await step(trace, index, text);
  const store = createTraceStore(clickhouse);
  const read = async (trace: string) => {
    const { spans, all } = await store.talkingEnds(project, traceIdOf(trace), { spansMax: 2_000, bytesMax: 20_000 });
    return {
      all,
      read: spans.map(({ outputMessages }) =>
        JSON.stringify(outputMessages)
          .match(/second|first|last|answer|x{6}/)?.[0]
          .slice(0, 6),
      ),
    };
  };
  expect(await read("alone")).toEqual({ all: 1, read: ["xxxxxx"] });
  expect(await read("first")).toEqual({ all: 3, read: ["xxxxxx", "second", "last"] });
  expect(await read("last")).toEqual({ all: 3, read: ["first", "answer", "xxxxxx"] });
  expect(await read("middle")).toEqual({ all: 3, read: ["first", "last"] });
});
