import { expect, test } from "vitest";
import { SpanIds } from "./spanIds.ts";

const COUNT = 50_000;

function idsOf(seed: number, write: "writeTraceId" | "writeSpanId"): string[] {
  const ids = new SpanIds(seed);
  const bytes = Buffer.alloc(16);
  return Array.from({ length: COUNT }, (_, number) => {
    ids[write](bytes, 0, number);
    return bytes.toString("hex");
  });
}

test.each(["writeTraceId", "writeSpanId"] as const)("%s: no two numbers, and no two seeds, have the same", (write) => {
  const seeds = [0, 1, 2, 7, 0xffff_ffff];
  const ids = seeds.flatMap((seed) => idsOf(seed, write));
  expect(new Set(ids).size).toBe(seeds.length * COUNT);
});

test("the seed and the number give an id again", () => {
  expect(idsOf(7, "writeSpanId")).toEqual(idsOf(7, "writeSpanId"));
  expect(new SpanIds(7).uuid(3)).toBe(new SpanIds(7).uuid(3));
});

test("every bit of an id is set in about half of them", () => {
  const set = Array.from({ length: 64 }, () => 0);
  for (const id of idsOf(7, "writeSpanId")) {
    const bits = BigInt(`0x${id.slice(0, 16)}`);
    for (let bit = 0; bit < 64; bit++) set[bit] = (set[bit] ?? 0) + Number((bits >> BigInt(bit)) & 1n);
  }
  for (const count of set) expect(Math.abs(count / COUNT - 0.5)).toBeLessThan(0.02);
});
