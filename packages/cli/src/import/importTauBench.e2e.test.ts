import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, countTraces, createClickHouse, createInventory } from "@signalbox/db/clickhouse";
import { embeddedClickHouseUrl, embeddedDatabaseUrl } from "@signalbox/db/embedded";
import { countJournal, countTasks, createPrisma, writeDataset } from "@signalbox/db/prisma";
import { type Estimate, readTauBench } from "@signalbox/evals";
import { DatasetItemContent } from "@signalbox/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { openStack, type Stack } from "../supervisor/stack.ts";
import { until } from "../testing/processes.ts";
import { killPart, newPlace, type Place, runSignalbox, spawnSignalbox } from "../testing/signalbox.ts";
import { openFileFolder } from "./fileFolder.ts";
import type { ImportReport } from "./importReport.ts";
import { PROJECT, recordedTasks } from "./recordedTask.ts";

const TEST_DATA = process.env.SIGNALBOX_TEST_DATA ?? "";
const RECORDINGS = join(TEST_DATA, "tau-bench-airline");

const TRAJECTORIES = "trajectories-dev.json";

/** The tools that change a document. */
const WRITES = /^(book|cancel|update)_reservation|^send_certificate$/;

/** The figures of the recordings, from their README. */
const FIGURES = {
  trajectories: 100,
  toolOutputs: { matched: 572, total: 572 },
  rewards: { agreed: 100, total: 100 },
  dataHashes: { agreed: 91, total: 91 },
  passHatK: { 1: 0.43, 2: 0.24 },
  tasks: { done: 100, dead: 0 },
  mismatches: [],
};

/** The fields of a trajectory file that the copies below change. */
interface RecordedMessage {
  role: string;
  name?: string;
  content: string | null;
}
interface RecordedTrajectory {
  task_id: number;
  trial: number;
  reward: number;
  info: { reward_info: { info: { gt_data_hash?: string } } | null };
  traj: RecordedMessage[];
}

describe.skipIf(TEST_DATA === "")("import tau-bench", () => {
  let place: Place;
  let stack: Stack;
  let prisma: ReturnType<typeof createPrisma>;
  let clickhouse: ClickHouseClient;
  let copies: string;

  beforeAll(async () => {
    place = await newPlace();
    copies = mkdtempSync(join(tmpdir(), "signalbox-copies-"));
    const config = loadConfig({ SIGNALBOX_DATA_DIR: place.dataDir, SIGNALBOX_PORT_OFFSET: String(place.portOffset) });
    // Few tasks at a time, so that a kill on the way finds some that are finished and some that have not begun.
    const env = { SIGNALBOX_DEMO_TASKS: "0", SIGNALBOX_WORKER_TASKS: "3" };
    stack = await openStack(config, { without: ["console"], env, note: () => {} });
    await stack.start();
    prisma = createPrisma(embeddedDatabaseUrl(place.dataDir, place.portOffset));
    clickhouse = createClickHouse(embeddedClickHouseUrl(place.dataDir, place.portOffset));
  });
  afterAll(async () => {
    await clickhouse?.close();
    await prisma?.$disconnect();
    await stack?.[Symbol.asyncDispose]();
    place?.[Symbol.dispose]();
    rmSync(copies, { recursive: true, force: true });
  });

  async function importFolder(folder: string): Promise<{ report: ImportReport; exitCode: number | null }> {
    const { stdout, stderr, exitCode } = await runSignalbox(place, ["import", "tau-bench", folder, "--json"]);
    const report = JSON.parse(stdout);
    if ("error" in report) throw new Error(stdout + stderr);
    return { report, exitCode };
  }

  /** A copy of the recordings with other trajectories. */
  function copyWith(
    name: string,
    change: (trajectories: RecordedTrajectory[]) => RecordedTrajectory[],
  ): { folder: string; trajectories: RecordedTrajectory[] } {
    const folder = join(copies, name);
    mkdirSync(folder);
    for (const file of readdirSync(RECORDINGS)) if (file !== TRAJECTORIES) copyFileSync(join(RECORDINGS, file), join(folder, file));
    const trajectories = change(JSON.parse(readFileSync(join(RECORDINGS, TRAJECTORIES), "utf8")));
    writeFileSync(join(folder, TRAJECTORIES), JSON.stringify(trajectories));
    return { folder, trajectories };
  }

  const toolMessages = ({ traj }: RecordedTrajectory): RecordedMessage[] => traj.filter(({ role }) => role === "tool");

  /** Everything stored, as readers see it. */
  async function stored() {
    const { spans, traces, decisions, scores } = await createInventory(clickhouse).counts(PROJECT);
    return { spans, traces, decisions, scores, tasks: await countTasks(prisma) };
  }

  /** Checks that each task's trace has exactly the recorded spans and decisions of the task. */
  async function expectWholeTraces(folder: string, worldId: string): Promise<void> {
    const tasks = recordedTasks(await readTauBench(await openFileFolder(folder)), worldId);
    const journal = await countJournal(
      prisma,
      tasks.map(({ id }) => id),
    );
    expect(journal).toHaveLength(tasks.length);
    const traces = await countTraces(
      clickhouse,
      PROJECT,
      journal.map(({ traceId }) => traceId),
    );
    const byTrace = new Map(traces.map((counts) => [counts.traceId, counts]));
    for (const { traceId, spans, decisions } of journal)
      expect(byTrace.get(traceId)).toEqual({ traceId, spans, spanRows: spans, decisions });
  }

  test("reproduces every output, reward and hash of the recordings", async () => {
    const { report, exitCode } = await importFolder(RECORDINGS);
    expect(report).toMatchObject(FIGURES);
    expect(exitCode).toBe(0);
    await expectWholeTraces(RECORDINGS, report.worldId);
  });

  test("run again it says the same and doubles nothing", async () => {
    const before = await stored();
    const { report } = await importFolder(RECORDINGS);
    expect(report).toMatchObject(FIGURES);
    expect(await stored()).toEqual(before);
  });

  test("as an eval run they pass as often by their final state, whatever reward is recorded", async () => {
    const { folder, trajectories } = copyWith("rewards-turned-round", (all) => all.map((one) => ({ ...one, reward: 1 - one.reward })));
    const { tasks } = await readTauBench(await openFileFolder(folder));
    const changes = tasks.map(({ id, instruction, actions, outputs }) => ({
      ...({ kind: "put", id: `task-${id}` } as const),
      content: DatasetItemContent.parse({
        input: { instruction },
        expectedOutput: { outputs },
        expectedToolCalls: actions.map(({ name, kwargs }) => ({ name, arguments: kwargs })),
        // Nothing is to change: the scorer passes those conversations in which no tool wrote.
        expectedState: {},
        metadata: { task: id },
      }),
    }));
    const dataset = { project: PROJECT, name: "airline", changes: [changes], create: true, duplicates: "keep" } as const;
    await writeDataset(prisma, { ...dataset, note: "", actor: "ann", now: new Date() });
    const args = ["--dataset", "airline", "--target", `recorded:${folder}`, "--repeats", "2", "--json"];
    args.push("--scorers", "reward", "final_state");
    const { stdout, stderr, exitCode } = await runSignalbox(place, ["eval", "run", ...args]);
    expect(exitCode, stderr + stdout).toBe(0);
    const { run, scorers } = JSON.parse(stdout);
    expect(run).toMatchObject({ finished: 100, failed: 0 });
    const reward = scorers.find(({ name }: { name: string }) => name === "reward");
    expect(reward.passK.map(({ passHatK }: { passHatK: Estimate }) => passHatK.value)).toEqual([
      expect.closeTo(0.43, 10),
      expect.closeTo(0.24, 10),
    ]);
    const { lower, upper } = reward.passK[1].passHatK.interval;
    expect([lower, upper]).toEqual([expect.closeTo(0.143, 3), expect.closeTo(0.374, 3)]);

    const hasWritten = (trajectory: RecordedTrajectory): boolean =>
      toolMessages(trajectory).some(({ name = "", content }) => WRITES.test(name) && !content?.startsWith("Error"));
    const untouched = trajectories.filter((trajectory) => !hasWritten(trajectory)).length;
    expect(untouched).toBeGreaterThan(0);
    expect(scorers.find(({ name }: { name: string }) => name === "final_state")).toMatchObject({ passed: untouched, tries: 100 });
  });

  describe("the figures follow the recordings", () => {
    test("outputs and rewards that changed places", async () => {
      const original: RecordedTrajectory[] = JSON.parse(readFileSync(join(RECORDINGS, TRAJECTORIES), "utf8"));
      const { folder, trajectories } = copyWith("permuted", (all) =>
        all.map((trajectory, index) => {
          const outputs = toolMessages(trajectory).map(({ content }) => content);
          outputs.unshift(...outputs.splice(-1));
          for (const message of toolMessages(trajectory)) message.content = outputs.shift() ?? "";
          return { ...trajectory, reward: original[(index + 1) % original.length]?.reward ?? 0 };
        }),
      );
      const pairs = trajectories.flatMap((trajectory, index) =>
        toolMessages(trajectory).map(({ content }, at) => content === toolMessages(original[index] ?? trajectory)[at]?.content),
      );
      const matched = pairs.filter(Boolean).length;
      const agreed = trajectories.filter(({ reward }, index) => reward === original[index]?.reward).length;
      expect(matched).toBeLessThan(572);
      expect(agreed).toBeLessThan(100);

      const { report, exitCode } = await importFolder(folder);
      expect(report).toMatchObject({
        toolOutputs: { matched, total: 572 },
        rewards: { agreed, total: 100 },
        dataHashes: FIGURES.dataHashes,
        passHatK: FIGURES.passHatK,
      });
      expect(report.mismatches).toHaveLength(20);
      expect(exitCode).toBe(1);
    });

    test("ten trajectories alone", async () => {
      const { folder, trajectories } = copyWith("ten", (all) => all.filter(({ task_id }) => [2, 8, 11, 24, 44].includes(task_id)));
      const rewardsOf = new Map<number, number[]>();
      for (const { task_id, reward } of trajectories) rewardsOf.set(task_id, [...(rewardsOf.get(task_id) ?? []), reward]);
      const tasks = [...rewardsOf.values()];
      const outputs = trajectories.flatMap(toolMessages).length;
      const hashes = trajectories.filter(({ info }) => info.reward_info?.info.gt_data_hash !== undefined).length;

      const { report, exitCode } = await importFolder(folder);
      expect(report).toMatchObject({
        trajectories: 10,
        toolOutputs: { matched: outputs, total: outputs },
        rewards: { agreed: 10, total: 10 },
        dataHashes: { agreed: hashes, total: hashes },
        passHatK: {
          1: trajectories.filter(({ reward }) => reward === 1).length / 10,
          2: tasks.filter((rewards) => rewards.every((reward) => reward === 1)).length / 5,
        },
      });
      expect(exitCode).toBe(0);
    });

    test("one reward that is another", async () => {
      const { folder, trajectories } = copyWith("reward", (all) =>
        all.map((each, index) => (index === 57 ? { ...each, reward: 1 - each.reward } : each)),
      );
      const { report, exitCode } = await importFolder(folder);
      expect(report.rewards).toEqual({ agreed: 99, total: 100 });
      expect(report.toolOutputs).toEqual(FIGURES.toolOutputs);
      const { task_id, trial, reward = 0 } = trajectories[57] ?? {};
      expect(report.mismatches).toEqual([{ taskId: task_id, trial, what: "reward", recorded: String(reward), ours: String(1 - reward) }]);
      expect(exitCode).toBe(1);
    });

    test("one output that is another by a space", async () => {
      const { folder } = copyWith("output", (all) => {
        const [message] = all.flatMap(toolMessages).slice(300, 301);
        if (message !== undefined) message.content += " ";
        return all;
      });
      const { report, exitCode } = await importFolder(folder);
      expect(report.toolOutputs).toEqual({ matched: 571, total: 572 });
      expect(report.rewards).toEqual(FIGURES.rewards);
      expect(report.mismatches).toHaveLength(1);
      expect(exitCode).toBe(1);
    });
  });

  test("kill -9 of collector, worker, ClickHouse and PostgreSQL on the way changes no figure, and no span is missing or doubled", async () => {
    // Another first word makes other tasks of them, which have not run yet; no figure depends on it.
    const { folder } = copyWith("fresh", (all) =>
      all.map((each) => ({
        ...each,
        traj: each.traj.map((message, index) => (index === 1 ? { ...message, content: `Hi. ${message.content}` } : message)),
      })),
    );
    const before = await countTasks(prisma);
    const hasFinished = async (count: number): Promise<boolean> => {
      const { done, dead } = await countTasks(prisma);
      return done + dead - before.done - before.dead >= count;
    };

    const child = spawnSignalbox(place, ["import", "tau-bench", folder, "--json"]);
    let stdout = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    for (const [finished, part] of [
      [5, "collector"],
      [20, "worker"],
      [35, "clickhouse"],
      [50, "postgres"],
      [65, "worker"],
    ] as const) {
      // The database itself was among those killed: its old connections fail once.
      await until(`${finished} tasks`, 120_000, () => hasFinished(finished).catch(() => false));
      await killPart(place, part);
    }
    expect(await hasFinished(100)).toBe(false);

    await until("the import has ended", 240_000, () => child.exitCode !== null);
    const report: ImportReport = JSON.parse(stdout);
    expect(report).toMatchObject(FIGURES);
    expect(child.exitCode).toBe(0);
    await expectWholeTraces(folder, report.worldId);
  });

  test("without a running Signalbox it starts one for itself and stops it", async () => {
    await stack[Symbol.asyncDispose]();
    const { stdout, stderr, exitCode } = await runSignalbox(place, ["import", "tau-bench", RECORDINGS, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject(FIGURES);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("one is started for this import");
    expect((await runSignalbox(place, ["status"])).exitCode).toBe(4);
  });
});
