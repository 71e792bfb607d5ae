import {
  ChainCheck,
  type Decision,
  decisionHash,
  EMPTY_CHAIN,
  type Finding,
  mulberry32,
  type StoredDecision,
  sealDecision,
} from "@signalbox/model";
import { expect, test } from "vitest";
import { decisionRowOf, type RowFacts, rowFactsOf } from "../../testing/decisionRowOf.ts";
import { ChainSweep } from "./chainSweep.ts";
import { ChainWalk, type ReadChain } from "./chainWalk.ts";
import { type SignedChain, signedAt } from "./signedChains.ts";

/** A seeded generator of whole numbers below `limit`. */
function randomOf(seed: number): (limit: number) => number {
  const random = mulberry32(seed);
  return (limit) => Math.floor(random() * limit);
}

const taskIdOf = (index: number): string => `${index}77b96ee-fbd1-87ec-861d-a48b0d89727e`;

/** A decision that follows `head`; one in four contains characters that JSON escapes. */
function decisionAfter(head: { seq: number; hash: string }, taskId: string, random: (limit: number) => number): Decision {
  const word = random(4) === 0 ? 'say "it"\n' : "it fits";
  return sealDecision(head, {
    ...{ project: "default", taskId, kind: "planned", time: new Date(1_795_435_200_000 + random(1e9)).toISOString(), attempt: 1 },
    ...{ actor: { service: "worker", version: "1" }, traceId: "a".repeat(32), spanId: null, chosen: "go on", reason: word },
    ...{ confidence: random(2) === 0 ? null : random(100) / 100, detail: { b: random(9), a: word } },
  });
}

function chainOf(taskId: string, random: (limit: number) => number): RowFacts[] {
  const chain: Decision[] = [];
  for (let length = 3 + random(6); chain.length < length; ) chain.push(decisionAfter(chain.at(-1) ?? EMPTY_CHAIN, taskId, random));
  return chain.map(rowFactsOf);
}

const MS_2000 = Date.UTC(2000, 0, 1);

/** The hash of a row's content at a place, computed from its values. */
function hashOf({ micros, detail, hash: _, ...facts }: RowFacts, seq: number, prevHash: string): string | undefined {
  const value = JSON.parse(detail);
  if (JSON.stringify(value) !== detail || micros % 1_000n !== 0n || Object.is(facts.confidence, -0)) return undefined;
  return decisionHash({ ...facts, seq, prevHash, time: new Date(Number(micros / 1_000n) + MS_2000).toISOString(), detail: value });
}

/** An edit of a chain at a place. */
const EDITS: readonly ((chain: RowFacts[], at: number, random: (limit: number) => number) => void)[] = [
  (chain, at) => change(chain, at, { reason: "forged" }),
  (chain, at) => change(chain, at, { confidence: -0 }),
  (chain, at, random) => change(chain, at, { micros: (chain[at]?.micros ?? 0n) + BigInt(1 + random(2_000)) }),
  (chain, at) => change(chain, at, { detail: '{"b": 1}' }),
  (chain, at) => change(chain, at, { hash: "b".repeat(64) }),
  (chain, at) => change(chain, at, { prevHash: "c".repeat(64) }),
  (chain, at) => change(chain, at, { spanId: "d".repeat(16) }),
  (chain, at) => void chain.splice(at, 1),
  (chain, at) => void chain.splice(at, chain.length),
  (chain, at, random) => {
    const other = random(chain.length);
    const [one, two] = [chain[at]?.seq ?? 0, chain[other]?.seq ?? 0];
    change(chain, at, { seq: two });
    if (other !== at) change(chain, other, { seq: one });
  },
  (chain, at) => {
    for (let next = at + 1; next < chain.length; next += 1) change(chain, next, { seq: (chain[next]?.seq ?? 0) + 1 });
    const copied = chain[at];
    if (copied !== undefined) chain.push({ ...copied, seq: copied.seq + 1, reason: "put in" });
  },
  (chain, at) => {
    for (let next = at; next < chain.length; next += 1) {
      const prevHash = chain[next - 1]?.hash ?? EMPTY_CHAIN.hash;
      change(chain, next, { prevHash, reason: "sealed anew" });
      const anew = chain[next];
      if (anew !== undefined) change(chain, next, { hash: hashOf(anew, anew.seq, prevHash) ?? "" });
    }
  },
];

function change(chain: RowFacts[], at: number, facts: Partial<RowFacts>): void {
  const row = chain[at];
  if (row !== undefined) chain[at] = { ...row, ...facts };
}

/** A log of four tasks, its signed heads, and the edits made afterwards. */
function aLog(seed: number): { rows: RowFacts[]; signedChains: Map<string, SignedChain> } {
  const random = randomOf(seed);
  const signedChains = new Map<string, SignedChain>();
  const rows: RowFacts[] = [];
  for (let task = 1; task <= 4; task += 1) {
    const taskId = taskIdOf(task);
    const chain = chainOf(taskId, random);
    const signed = chain.filter(() => random(3) === 0).map(({ seq, hash }) => ({ seq, hash, checkpoint: 1 + random(3) }));
    const last = signed.at(-1);
    const earlier = new Map(signed.slice(0, -1).map((one) => [one.seq, one]));
    if (last !== undefined) signedChains.set(taskId, { last, earlier });
    for (let edits = random(3); edits > 0; edits -= 1) EDITS[random(EDITS.length)]?.(chain, random(Math.max(1, chain.length)), random);
    rows.push(...chain.sort((one, other) => one.seq - other.seq));
  }
  return { rows, signedChains };
}

/** The findings of a `ChainCheck` that sees every decision. */
function foundDecisionByDecision({ rows, signedChains }: ReturnType<typeof aLog>): Finding[] {
  const findings: Finding[] = [];
  const check = new ChainCheck((finding) => findings.push(finding));
  for (const row of rows) {
    const { taskId, seq, prevHash, hash } = row;
    const signed = signedAt(signedChains.get(taskId), seq);
    const stored: StoredDecision = {
      ...{ taskId, seq, prevHash, hash, isSealed: hashOf(row, seq, prevHash) === hash },
      hashAs: (seqThere, prevHashThere) => hashOf(row, seqThere, prevHashThere),
      ...{ signedHash: signed?.hash ?? null, checkpoint: signed?.checkpoint ?? null },
    };
    check.next(stored);
  }
  check.end();
  return findings;
}

function walked({ rows, signedChains }: ReturnType<typeof aLog>): { findings: Finding[]; chains: ReadChain[] } {
  const findings: Finding[] = [];
  const chains: ReadChain[] = [];
  const walk = new ChainWalk({ signedChains, found: (finding) => findings.push(finding), ended: (chain) => chains.push(chain) });
  for (const row of rows) {
    const bytes = decisionRowOf(row);
    walk.next(bytes);
    bytes.fill(0);
  }
  walk.end();
  return { findings, chains };
}

test("whatever is done to chains, a walk finds what a check of every decision does", () => {
  const kinds = new Set<string>();
  for (let seed = 1; seed <= 300; seed += 1) {
    const log = aLog(seed);
    const expected = foundDecisionByDecision(log);
    expect(walked(log).findings, `seed ${seed}`).toEqual(expected);
    for (const { kind } of expected) kinds.add(kind);
  }
  expect([...kinds].sort()).toEqual(["altered", "inserted", "missing", "reordered", "rewritten"]);
});

/** The rows in a random order. */
function shuffled<T>(items: readonly T[], random: (limit: number) => number): T[] {
  return items
    .map((item) => ({ item, rank: random(1e6) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

function swept({ rows, signedChains }: ReturnType<typeof aLog>) {
  const sweep = new ChainSweep(signedChains);
  for (const row of rows) {
    const bytes = decisionRowOf(row);
    sweep.next(bytes);
    bytes.fill(0);
  }
  return sweep.end();
}

test("whatever is done to chains, a sweep in any order suspects those in which something is found, and no others", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const log = aLog(seed);
    const { findings, chains } = walked(log);
    const off = new Set(findings.map(({ taskId }) => taskId));
    for (const [taskId, { last }] of log.signedChains)
      if ((chains.find((chain) => chain.taskId === taskId)?.seq ?? -1) < last.seq) off.add(taskId);
    const { whole, suspects } = swept({ ...log, rows: seed % 3 === 0 ? log.rows : shuffled(log.rows, randomOf(seed)) });
    expect(suspects.sort(), `seed ${seed}`).toEqual([...off].sort());
    const ends = chains.filter(({ taskId }) => !off.has(taskId)).map(({ taskId, seq }) => [taskId, seq]);
    expect(whole.map(({ taskId, seq }) => [taskId, seq]).sort(), `seed ${seed}`).toEqual(ends);
  }
});

test("a chain's end says how long it is, and how much of it came after what is signed", () => {
  const rows = chainOf(taskIdOf(1), randomOf(1));
  const { seq, hash } = rows[1] ?? EMPTY_CHAIN;
  const signed = { seq, hash, checkpoint: 1 };
  const signedChains = new Map([[taskIdOf(1), { last: signed, earlier: undefined }]]);
  const chain = { taskId: taskIdOf(1), seq: rows.length - 1, events: rows.length, eventsAfter: rows.length - 2 };
  expect(walked({ rows, signedChains })).toEqual({ findings: [], chains: [chain] });
});
