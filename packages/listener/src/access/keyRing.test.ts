import type { KnownKey } from "@signalbox/model";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeyRing } from "./keyRing.ts";

/** Longer than the gap between two reads, shorter than the interval of periodic reads. */
const AFTER_THE_GAP_MS = 600;

let ring: KeyRing;
let secretHashes: string[];
let isDown: boolean;
let reads: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setInterval", "clearInterval"] });
  secretHashes = ["a"];
  isDown = false;
  reads = 0;
  const source = {
    listKnownKeys: async () => {
      reads += 1;
      if (isDown) throw new Error("the source is down");
      return secretHashes.map((secretHash) => ({ id: secretHash, secretHash }) as KnownKey);
    },
    touchApiKeys: async () => {},
  };
  ring = new KeyRing(source, pino({ level: "silent" }), Date.now);
  vi.advanceTimersByTime(AFTER_THE_GAP_MS);
});

afterEach(async () => {
  await ring.end();
  vi.useRealTimers();
});

test("a new key works at once, however many keys were looked for before", async () => {
  for (const added of ["b", "c"]) {
    expect(await ring.find(added)).toEqual({ kind: "unknown" });
    secretHashes.push(added);
    vi.advanceTimersByTime(AFTER_THE_GAP_MS);
    expect(await ring.find(added)).toMatchObject({ kind: "known" });
    vi.advanceTimersByTime(AFTER_THE_GAP_MS);
  }
});

test("while the source is away keys that are known work, and others are not called unknown", async () => {
  expect(await ring.find("b")).toEqual({ kind: "unknown" });
  isDown = true;
  vi.advanceTimersByTime(AFTER_THE_GAP_MS);
  expect(await ring.find("b")).toEqual({ kind: "unavailable" });
  expect(await ring.find("a")).toMatchObject({ kind: "known" });
});

test("unknown keys that come together cause one read", async () => {
  await ring.find("a");
  const before = reads;
  await Promise.all(["b", "c", "d"].map((hash) => ring.find(hash)));
  expect(reads).toBe(before + 1);
});
