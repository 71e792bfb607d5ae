import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./places.js";

const readme = readFileSync(join(root, "README.md"), "utf8");

test("the README's program is said to be a module, and what it imports is installed by the line before it", () => {
  const [before = "", program = ""] = readme.split(/```js\n(.*?)```/s);
  const [, installed = ""] = /`npm install (.+)`/.exec(before) ?? [];
  const imported = [...program.matchAll(/from "(.+?)"/g)].map(([, name]) => name);
  expect(installed.split(" ")).toEqual(imported);
  expect(before).toContain(".mjs`");
});
