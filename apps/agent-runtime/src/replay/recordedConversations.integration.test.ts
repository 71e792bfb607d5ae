import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { admitTasks, createPrisma, loadWorld, type PrismaClient, readRecordings } from "@signalbox/db/prisma";
import { recordedConversation, renameStateToProvince } from "@signalbox/evals";
import { type PlanningService, ReplayAnswer, ReplayPlan, type ReplayReport, type TaskRecording, TaskRequest } from "@signalbox/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import { newTaskOf } from "../gateway/admission.ts";
import { openPlanningService } from "../services/planning/planningService.ts";
import { readRecordedConversations } from "../testing/recordedConversations.ts";
import { aRunner } from "../testing/stage.ts";
import { runTask } from "../worker/runTask.ts";
import { replayTask } from "./replayTask.ts";

const testData = process.env.SIGNALBOX_TEST_DATA;
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** Whether this machine can start a process without a network. */
const canDenyNetwork = spawnSync("unshare", ["-n", "true"]).status === 0;

describe.skipIf(testData === undefined)("100 recorded conversations of an airline's agent", () => {
  let stores: TestStores;
  let prisma: PrismaClient;
  let recordings: readonly TaskRecording[];

  beforeAll(async () => {
    const { data, trajectories } = await readRecordedConversations(testData ?? "");
    stores = await startTestStores();
    prisma = createPrisma(stores.databaseUrl);
    await loadWorld(prisma, "as recorded", renameStateToProvince(data));
    const tasks = trajectories.map((trajectory) => {
      const request = TaskRequest.parse({ ...recordedConversation(trajectory).request, world: "as recorded" });
      return newTaskOf(systemClock, request);
    });
    await admitTasks(prisma, tasks);
    const runner = aRunner(prisma);
    const runs = await Promise.all(tasks.map(({ id }) => runTask(runner, id)));
    expect(runs.map(({ outcome }) => outcome)).toEqual(Array(100).fill("done"));
    recordings = await readRecordings(
      prisma,
      tasks.map(({ id }) => id),
    );
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await stores?.[Symbol.asyncDispose]();
  });

  /**
   * Replays all of them in a process without a network, without any address, and without the right to write files; returns the reports in
   * the order of the records.
   */
  async function replayWithoutNetwork(plan: Partial<ReplayPlan>): Promise<ReplayReport[]> {
    const child = spawn("unshare", ["-n", process.execPath, "--permission", "--allow-fs-read=*", MAIN], {
      env: { PATH: process.env.PATH },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const gone = once(child, "exit");
    for (const recording of recordings) child.stdin.write(`${JSON.stringify({ recording, plan: ReplayPlan.parse(plan) })}\n`);
    child.stdin.end();
    const lines = (await text(child.stdout)).trimEnd().split("\n");
    expect(await gone).toEqual([0, null]);
    const reports = lines.map((line) => {
      const answer = ReplayAnswer.parse(JSON.parse(line));
      if ("error" in answer) throw new Error(answer.error.message);
      return answer.report;
    });
    return recordings.map(({ id }) => reports.find(({ taskId }) => taskId === id) as ReplayReport);
  }

  async function rowCounts(): Promise<Record<string, number>> {
    const [row] = await prisma.$queryRaw<{ counts: Record<string, number> }[]>`
      SELECT json_object_agg(relname, (xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM ' || oid::regclass, false, true, '')))[1]::text::int) AS counts
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;
    return row?.counts ?? {};
  }

  test.skipIf(!canDenyNetwork)("a process without a network reaches no store (unshare -n)", () => {
    const { hostname, port } = new URL(stores.databaseUrl);
    const connect = `require("node:net").connect(${port}, "${hostname}").on("connect", () => process.exit(0)).on("error", () => process.exit(7))`;
    expect(spawnSync(process.execPath, ["-e", connect]).status).toBe(0);
    expect(spawnSync("unshare", ["-n", process.execPath, "-e", connect]).status).toBe(7);
  });

  test.skipIf(!canDenyNetwork)(
    "all are identical, every stage executed, without a network and without a row more (unshare -n)",
    async () => {
      const before = await rowCounts();
      const reports = await replayWithoutNetwork({});
      expect(await rowCounts()).toEqual(before);

      expect(reports.map(({ divergence }) => divergence).filter((divergence) => divergence !== null)).toEqual([]);
      expect(reports.filter(({ outcome }) => outcome === "identical")).toHaveLength(100);
      expect(reports.every(({ hashes }) => hashes.equal === hashes.total)).toBe(true);
      const hashes = reports.reduce((sum, report) => sum + report.hashes.equal, 0);
      expect(hashes).toBe(recordings.reduce((sum, { decisions }) => sum + decisions.length, 0));

      const executed: Record<string, number> = {};
      for (const report of reports)
        for (const [kind, count] of Object.entries(report.executed)) executed[kind] = (executed[kind] ?? 0) + count;
      const onRecord: Record<string, number> = {};
      for (const { steps } of recordings) for (const { stage } of steps) onRecord[stage.kind] = (onRecord[stage.kind] ?? 0) + 1;
      expect(executed).toEqual(onRecord);
      expect(executed).toMatchObject({ understand: 100, tool: 572 });
    },
  );

  test.skipIf(!canDenyNetwork)("with one tool changed, those that call it diverge at that step and no others do (unshare -n)", async () => {
    const changed = "get_user_details";
    const reports = await replayWithoutNetwork({
      tools: { [changed]: [{ output: "Error: user not found", isError: true, endsEpisode: false }] },
    });
    const places = reports.map(({ divergence }) => divergence && [divergence.step, divergence.field]);
    const expected = recordings.map(({ steps }) => {
      const called = steps.find(({ stage }) => stage.kind === "tool" && stage.input.call.name === changed);
      return called === undefined ? null : [called.step, "step.output.output"];
    });
    expect(places).toEqual(expected);
    expect(expected.filter((place) => place === null).length).toBeGreaterThan(0);
    expect(expected.filter((place) => place !== null).length).toBeGreaterThan(0);
  });

  test("a changed line of the planner is found in every conversation that reaches it", async () => {
    const own = openPlanningService(null);
    const planning: PlanningService = {
      async next(request) {
        const { move, modelUse } = await own.next(request);
        return { move: move.kind === "reply" ? { ...move, content: move.content.trimEnd().replace(/\.$/, "!") } : move, modelUse };
      },
    };
    const reports = await Promise.all(
      recordings.map((recording) => replayTask(recording, ReplayPlan.parse({}), { computed: { planning } })),
    );
    const expected = recordings.map(({ steps }) => {
      const said = steps.find(
        ({ stage }) => stage.kind === "move" && stage.output.kind === "reply" && /(\.|\s)$/.test(stage.output.content),
      );
      return said?.step ?? null;
    });
    expect(reports.map(({ divergence }) => divergence?.step ?? null)).toEqual(expected);
    expect(expected.filter((step) => step !== null).length).toBeGreaterThan(50);
  });
});
