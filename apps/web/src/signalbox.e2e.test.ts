import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConversationEntry } from "@signalbox/api/client";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { launchBrowser } from "./testing/browser.ts";
import { eventually } from "./testing/eventually.ts";
import { type RunningSignalbox, root, startSignalbox } from "./testing/signalbox.ts";

const DAY_MS = 86_400_000;
const today = { range: { kind: "last", ms: DAY_MS } } as const;

let signalbox: RunningSignalbox;
let browser: Browser;

beforeAll(async () => {
  // One after the other: if a test ends early while the browser is being unpacked, the next run would find half of it.
  browser = await launchBrowser();
  signalbox = await startSignalbox();
});

afterAll(async () => {
  await browser?.close();
  await signalbox?.[Symbol.asyncDispose]();
});

/** Runs the README's program with additional environment variables. */
function runReadmeProgram(env: Record<string, string> = {}): void {
  const [, program = ""] = /```js\n(.*?)```/s.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const moved = program.replaceAll(":4318", `:${4318 + signalbox.portOffset}`);
  execFileSync(process.execPath, ["--input-type=module", "-e", moved], { cwd: root, env: { ...process.env, ...env } });
}

test("the program in the README sends a trace that the console lists", async () => {
  runReadmeProgram();
  const listed = async () => (await signalbox.client.traces.list.query({ ...today, filter: { name: "chat gpt-4o" } })).traces;
  await eventually(async () => (await listed()).length).toBe(1);
  expect((await listed())[0]).toMatchObject({ kind: "llm", models: ["gpt-4o"], inputTokens: 12 });
});

test("telemetry that an SDK sends with a key is in the key's project, and in no other", async () => {
  await signalbox.run("project", "create", "shop");
  const { secret } = z.object({ secret: z.string() }).parse(await signalbox.run("key", "create", "ci", "--project", "shop"));
  const countIn = async (project: string) => (await signalbox.client.traces.list.query({ ...today, project })).traces.length;
  const before = await countIn("default");
  runReadmeProgram({ OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${secret}` });
  await eventually(() => countIn("shop")).toBe(1);
  expect(await countIn("default")).toBe(before);
  const [key] = await signalbox.client.projects.keys.query({ project: "shop" });
  await eventually(async () => (await signalbox.client.projects.keys.query({ project: "shop" }))[0]?.lastUsedAt).not.toBe(null);

  await signalbox.client.projects.revokeKey.mutate({ id: key?.id ?? "" });
  const status = async () => {
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
    return (await fetch(`http://127.0.0.1:${4318 + signalbox.portOffset}/v1/traces`, { method: "POST", headers, body: "{}" })).status;
  };
  await eventually(status).toBe(401);
});

const folder = process.env.SIGNALBOX_TEST_DATA === undefined ? undefined : join(process.env.SIGNALBOX_TEST_DATA, "tau-bench-airline");

/** The parts of a recorded conversation that are compared. */
const Trajectories = z.array(
  z.object({
    task_id: z.number(),
    trial: z.number(),
    traj: z.array(
      z.object({
        role: z.string(),
        content: z.string().nullable(),
        tool_calls: z.array(z.object({ function: z.object({ name: z.string(), arguments: z.string() }) })).optional(),
      }),
    ),
  }),
);
type Trajectory = z.infer<typeof Trajectories>[number];

/** A message, a call or a result, in the form in which it is compared. */
type Said = { role: string; text: string } | { call: string; arguments: unknown } | { result: string };

function recordedSaid({ traj }: Trajectory): Said[] {
  return traj.flatMap(({ role, content, tool_calls }): Said[] => {
    if (role === "tool") return [{ result: content ?? "" }];
    const text = content === null ? [] : [{ role, text: content }];
    return [...text, ...(tool_calls ?? []).map(({ function: call }) => ({ call: call.name, arguments: JSON.parse(call.arguments) }))];
  });
}

function shownSaid(entries: readonly ConversationEntry[]): Said[] {
  return entries.flatMap((entry): Said[] => {
    if (entry.kind === "tool") return [{ result: entry.result ?? "" }];
    return entry.parts.flatMap((part): Said[] => {
      if (part.type === "text") return [{ role: entry.role, text: part.content }];
      return part.type === "tool_call" ? [{ call: part.name, arguments: part.arguments }] : [];
    });
  });
}

describe.skipIf(folder === undefined)("imported conversations", () => {
  let trajectories: Trajectory[];
  let traceIds: Map<string, string>;

  const nameOf = ({ task_id, trial }: Trajectory): string => `${task_id}/${trial}`;

  beforeAll(async () => {
    if (folder === undefined) return;
    trajectories = Trajectories.parse(JSON.parse(readFileSync(join(folder, "trajectories-dev.json"), "utf8")));
    await signalbox.run("import", "tau-bench", folder);
    const { traces } = await signalbox.client.traces.list.query({ ...today, filter: { tag: "tau-bench" }, limit: 200 });
    const tagged = (tags: readonly string[], prefix: string) => tags.find((tag) => tag.startsWith(prefix))?.slice(prefix.length);
    traceIds = new Map(traces.map(({ tags, traceId }) => [`${tagged(tags, "task-")}/${tagged(tags, "trial-")}`, traceId]));
  });

  test("every one is a trace that holds every message, call and result, and a whole decision log", async () => {
    expect(traceIds.size).toBe(trajectories.length);
    for (const trajectory of trajectories) {
      const traceId = traceIds.get(nameOf(trajectory)) ?? "";
      const { entries, isTruncated } = await signalbox.client.traces.conversation.query({ traceId });
      expect(isTruncated).toBe(false);
      expect(shownSaid(entries), nameOf(trajectory)).toEqual(recordedSaid(trajectory));
      const { tasks } = await signalbox.client.decisions.byTrace.query({ traceId });
      expect(tasks.map(({ chain }) => chain)).toEqual([{ kind: "whole" }]);
      const calls = trajectory.traj.filter(({ role }) => role === "tool").length;
      expect(tasks[0]?.decisions.filter(({ kind }) => kind === "tool_called")).toHaveLength(calls);
    }
  });

  test("each facet's count is what the list shows of them", async () => {
    const { client } = signalbox;
    const filter = { tag: "tau-bench" };
    const facets = await client.traces.facetValues.query({
      ...today,
      filter,
      facets: ["status", "kind", "service", "agent", "model", "tag", "user", "session"],
      limit: 3,
    });
    const counted = facets.flatMap(({ facet, top }) => top.map(({ value, traces }) => ({ facet, value, traces })));
    expect(counted.length).toBeGreaterThan(8);
    for (const { facet, value, traces } of counted) {
      const asked = facet === "tag" ? { only: { tag: [value] } } : { ...filter, only: { [facet]: [value] } };
      const page = await client.traces.list.query({ ...today, filter: asked, limit: 200 });
      expect(page.traces.length, `${facet} ${value}`).toBe(Math.min(traces, 200));
    }
  });

  test("three drawn by a seed, the longest and one beyond ASCII show all that was said, in a real browser", async () => {
    const longest = trajectories.toSorted((a, b) => b.traj.length - a.traj.length).slice(0, 1);
    const beyondAscii = trajectories.filter(({ traj }) => traj.some(({ content }) => /[^\0-\x7f]/.test(content ?? ""))).slice(0, 1);
    const shown = [...drawn(trajectories, 3, 20_261_124), ...longest, ...beyondAscii];
    expect(shown).toHaveLength(5);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    for (const trajectory of shown) {
      const traceId = traceIds.get(nameOf(trajectory)) ?? "";
      const { entries } = await signalbox.client.traces.conversation.query({ traceId });
      await page.goto(`${signalbox.consoleUrl}/traces/${traceId}?view=conversation`);
      const texts = await readToTheEnd(page, entries.length);
      for (const [place, saying] of sayings(entries)) expect(texts[place], nameOf(trajectory)).toContain(saying);
    }
    await page.close();
  });
});

/** Draws `count` different items, the same for the same seed (a Lehmer generator, Park and Miller 1988). */
function drawn<T>(items: readonly T[], count: number, seed: number): T[] {
  const left = [...items];
  let state = seed;
  return Array.from({ length: Math.min(count, left.length) }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return left.splice(state % left.length, 1);
  }).flat();
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** The text of each entry, with its index. */
function sayings(entries: readonly ConversationEntry[]): [place: number, saying: string][] {
  return entries.flatMap((entry, place): [number, string][] => {
    if (entry.kind === "tool") return [[place, entry.name]];
    return entry.parts.flatMap((part): [number, string][] => {
      if (part.type === "text") return [[place, oneLine(part.content)]];
      return part.type === "tool_call" ? [[place, part.name]] : [];
    });
  });
}

/** Scrolls a conversation from its beginning to its end, expanding what is cut, and returns the text of each entry. */
async function readToTheEnd(page: Page, entryCount: number): Promise<string[]> {
  const log = page.getByRole("log", { name: "Conversation" });
  await log.waitFor();
  const texts: string[] = [];
  await expect
    .poll(
      async () => {
        for (const [place, text] of await log.evaluate(readWhatIsInView, Object.keys(texts))) texts[place] = oneLine(text);
        return Object.keys(texts).length;
      },
      { timeout: 60_000 },
    )
    .toBe(entryCount);
  return texts;
}

/**
 * Runs in the page: returns the fully visible entries that are not in `places`. Expands those that are cut; if there are none, it scrolls
 * on.
 */
function readWhatIsInView(log: Element, places: readonly string[]): [place: number, text: string][] {
  const unread = [...log.querySelectorAll("[data-index]")].filter((row) => !places.includes(row.getAttribute("data-index") ?? ""));
  const opener = (row: Element) => [...row.querySelectorAll("button")].find(({ textContent }) => textContent?.startsWith("Show all"));
  const cut = unread.flatMap((row) => opener(row) ?? []);
  for (const button of cut) button.click();
  if (cut.length === 0) log.scrollBy(0, log.clientHeight / 2);
  return unread.flatMap((row) => (opener(row) === undefined ? [[Number(row.getAttribute("data-index")), row.textContent ?? ""]] : []));
}
