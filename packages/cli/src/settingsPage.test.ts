import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REPOSITORY_ROOT } from "./config.ts";

const PAGE = readFileSync(new URL("../../../docs/settings.md", import.meta.url), "utf8");

/** The variables that a module reads by a schema: the members of the schema that it passes to `readEnvironment`. */
function settingsIn(source: string): string[] {
  if (!source.includes("readEnvironment(Env, ")) return [];
  return [...source.matchAll(/\b((?:SIGNALBOX|DATABASE|CLICKHOUSE|REDIS)_[A-Z_]+): [\w.]+/g)].map(([, name]) => name ?? "");
}

test("docs/settings.md has every setting that some part reads, and none that nobody does", () => {
  const sources = globSync("{apps,packages}/*/src/**/{config,main,open*}.ts", { cwd: REPOSITORY_ROOT });
  const read = new Set(sources.flatMap((path) => settingsIn(readFileSync(`${REPOSITORY_ROOT}/${path}`, "utf8"))));
  const shown = new Set(PAGE.match(/\b(SIGNALBOX|DATABASE|CLICKHOUSE|REDIS)_[A-Z_]+[A-Z]\b/g));
  expect(read.size).toBeGreaterThan(90);
  expect([...read].filter((name) => !shown.has(name))).toEqual([]);
  expect([...shown].filter((name) => !read.has(name) && !name.startsWith("SIGNALBOX_JUDGE_"))).toEqual([]);
});
