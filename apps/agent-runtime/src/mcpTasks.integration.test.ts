import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listDecisions, listSteps, listTaskRecords } from "@signalbox/db/prisma";
import { verifyChain } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spanOf } from "./telemetry/spanOf.ts";
import { inTurn, openModelStub, type StubAnswer } from "./testing/modelStub.ts";
import { aRequest, openStage } from "./testing/stage.ts";
import { finished, openTestRuntime, postTask } from "./testing/testRuntime.ts";

const SERVER = fileURLToPath(new URL("services/tools/mcp/__fixtures__/weatherServer.ts", import.meta.url));

let stage: Awaited<ReturnType<typeof openStage>>;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  folder = mkdtempSync(join(tmpdir(), "signalbox-mcp-"));
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A tool settings file with the weather server and the given settings of tools. */
function aToolsFile(tools: object = {}): string {
  const path = join(folder, "tools.json");
  const weather = { command: process.execPath, args: [SERVER, join(folder, "orders")], tools: { airline: ["forecast"] } };
  writeFileSync(path, JSON.stringify({ mcpServers: { weather }, tools: { airline: tools } }));
  return path;
}

const ASKING: StubAnswer = { kind: "says", calls: [{ name: "weather__forecast", arguments: '{"city":"Oslo"}' }] };
const DONE: StubAnswer = { kind: "says", content: "It will be sunny." };

/** Plays a task that a model plans with the tools of the file. */
async function playWith(toolsFile: string) {
  await using stub = await openModelStub(inTurn(ASKING, DONE));
  await using runtime = await openTestRuntime(stage.stores, {
    SIGNALBOX_TOOLS_FILE: toolsFile,
    SIGNALBOX_LLM_URL: stub.url,
    SIGNALBOX_LLM_MODEL: "gpt-4o-mini",
  });
  const request = aRequest({ message: "How will the weather be in Oslo?", planner: { kind: "llm" } });
  await postTask(runtime.config.gatewayUrl, request);
  const task = await finished(runtime.config.gatewayUrl, String(request.id));
  const [record] = await listTaskRecords(stage.prisma, [task.id]);
  if (record === undefined) throw new Error("the task is gone");
  return {
    task,
    record,
    asked: stub.asked,
    decisions: await listDecisions(stage.prisma, task.id),
    steps: await listSteps(stage.prisma, task.id),
  };
}

test("a model calls a tool of an MCP server, and the trace tells what it answered", async () => {
  const { task, record, asked, decisions, steps } = await playWith(aToolsFile());
  expect(task).toMatchObject({ status: "done", result: { ended: true, answers: ["It will be sunny."] } });
  expect(task.result?.toolCalls).toEqual([{ name: "weather.forecast", arguments: { city: "Oslo" }, output: "Sun over Oslo." }]);
  expect(asked[1]?.body.messages.at(-1)).toMatchObject({ role: "tool", content: "Sun over Oslo." });

  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
  expect(decisions.map(({ kind, chosen }) => `${kind}: ${chosen}`)).toContain("tool_called: weather.forecast");
  const place = steps.findIndex((step) => step.stage.kind === "tool") + 1;
  expect(spanOf(record, steps, place)).toMatchObject({ name: "execute_tool weather.forecast", error: null });
});

test("a tool that this version of the agent may not call answers so, and the task's record and trace say it", async () => {
  const { task, record, steps } = await playWith(aToolsFile({ "weather.forecast": { agentVersions: ["9.9.9"] } }));
  expect(task.result?.toolCalls[0]?.output).toMatch(/^Error: weather\.forecast is not allowed for version/);
  const place = steps.findIndex((step) => step.stage.kind === "tool") + 1;
  expect(spanOf(record, steps, place)?.error).toContain("not allowed");
});
