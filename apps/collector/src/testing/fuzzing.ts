import { env } from "node:process";
import { mulberry32, type Random } from "@signalbox/model";
import { mutate } from "./mutate.ts";

/** The time for which a target is fuzzed, in seconds, and below, the time limit of its test, in milliseconds. */
const SECONDS = Number(env.SIGNALBOX_FUZZ_SECONDS ?? 0);
export const FUZZ_TIMEOUT_MS = (SECONDS + 240) * 1_000;

/** How many mutated bodies a target gets in an ordinary test run. */
const ROUNDS = 400;

/** The most processor time of this thread that a body may take, in milliseconds; the seeds are a few kilobytes. */
const BODY_MS_MAX = 1_000;

/**
 * Calls `check` with the `seeds` and then with mutations of them, always the same ones; with `SIGNALBOX_FUZZ_SECONDS`, with other ones for
 * that long, drawn from `SIGNALBOX_FUZZ_SEED` or the time. Throws with the body in base64 and what is needed to reproduce it.
 */
export function fuzz(seeds: readonly Buffer[], check: (body: Buffer) => void): void {
  const seed = SECONDS === 0 ? 20_261_126 : Number(env.SIGNALBOX_FUZZ_SEED ?? Date.now() % 2 ** 31);
  const random = mulberry32(seed);
  const endMs = performance.now() + SECONDS * 1_000;
  for (let round = 0; round < seeds.length + ROUNDS || performance.now() < endMs; round += 1) {
    const body = seeds[round] ?? mutation(seeds, random);
    const spent = process.threadCpuUsage();
    try {
      check(body);
    } catch (cause) {
      throw new Error(`seed ${seed}, round ${round}, body ${body.toString("base64")}`, { cause });
    }
    const { user, system } = process.threadCpuUsage(spent);
    const spentMs = (user + system) / 1_000;
    if (spentMs > BODY_MS_MAX) throw new Error(`${spentMs} ms: seed ${seed}, round ${round}, body ${body.toString("base64")}`);
  }
}

/**
 * Snippets that break readers: numbers at the edges of types, unpaired surrogates, wrong lengths, brackets, boundaries, meaningful names.
 */
const SNAGS = [
  ...'{}[]",:\\\n-',
  "\r\n--",
  "null",
  "1e400",
  "-0",
  "18446744073709551616",
  "9007199254740993",
  '"\\ud800"',
  '{"__proto__":{}}',
  "[".repeat(200),
  '{"a":'.repeat(200),
].map((text) => Buffer.from(text));
const BYTES = ["ff", "c0af", "eda080", "00", "ffffffffffffffffff01", "ffffffff0f", "80", "0b", "0c", "f8ffffffff01"].map((hex) =>
  Buffer.from(hex, "hex"),
);

function mutation(seeds: readonly Buffer[], random: Random): Buffer {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const seed = pick(seeds);
  const place = (body: Buffer): number => Math.floor(random() * (body.length + 1));
  const kind = random();
  if (kind < 0.5) return mutate(seed, random);
  if (kind < 0.75) return spliced(seed, pick([...SNAGS, ...BYTES]), place(seed), Math.floor(random() * 20));
  const other = pick(seeds);
  if (kind < 0.9) return Buffer.concat([seed.subarray(0, place(seed)), other.subarray(place(other))]);
  return Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
}

/** `body` with `instead` bytes at `at` replaced by `snag`. */
function spliced(body: Buffer, snag: Buffer, at: number, instead: number): Buffer {
  return Buffer.concat([body.subarray(0, at), snag, body.subarray(at + instead)]);
}
