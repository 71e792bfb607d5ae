import { expect, test } from "vitest";
import { startOrder } from "./startOrder.ts";

const names = (waves: { name: string }[][]) => waves.map((wave) => wave.map(({ name }) => name));

test("stores start together, then what needs them, then what needs that", () => {
  const order = startOrder([
    { name: "console", needs: ["clickhouse", "postgres"] },
    { name: "clickhouse", needs: [] },
    { name: "worker", needs: ["postgres", "collector"] },
    { name: "collector", needs: ["clickhouse"] },
    { name: "postgres", needs: [] },
  ]);
  expect(names(order)).toEqual([["clickhouse", "postgres"], ["console", "collector"], ["worker"]]);
});

test("an unknown need, a name used twice and a circle are refused", () => {
  expect(() => startOrder([{ name: "a", needs: ["b"] }])).toThrow("a needs b");
  expect(() =>
    startOrder([
      { name: "a", needs: [] },
      { name: "a", needs: [] },
    ]),
  ).toThrow("same name");
  expect(() =>
    startOrder([
      { name: "a", needs: ["b"] },
      { name: "b", needs: ["a"] },
    ]),
  ).toThrow("wait for one another: a, b");
});
