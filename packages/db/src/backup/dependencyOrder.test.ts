import { expect, test } from "vitest";
import { inDependencyOrder } from "./dependencyOrder.ts";

test("a table comes after those that it refers to, and may refer to itself", () => {
  const references = [
    { table: "attempt", to: "task" },
    { table: "task", to: "project" },
    { table: "task", to: "task" },
  ];
  expect(inDependencyOrder(["attempt", "project", "task", "world"], references)).toEqual(["project", "world", "task", "attempt"]);
});

test("a circle is refused instead of looked at for ever", () => {
  const circle = [
    { table: "a", to: "b" },
    { table: "b", to: "a" },
  ];
  expect(() => inDependencyOrder(["a", "b"], circle)).toThrow("circle");
});
