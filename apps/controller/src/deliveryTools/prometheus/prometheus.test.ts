import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { MemoryRollouts } from "../testing/aJudgedRollout.ts";
import { GATE_KEY, openTools } from "../testing/openTools.ts";
import { registerGateGauges } from "./gateGauges.ts";

type Tools = Awaited<ReturnType<typeof openTools>>;
const NOW_SECONDS = 1_764_230_400;

async function ask({ url }: Tools, query: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`, { headers });
  return { status: answer.status, body: (await answer.json()) as { data: { result: { metric: object; value: unknown[] }[] } } };
}

test.each([
  [{ phase: "promoted" as const }, {}, "1"],
  [{}, {}, "0"],
  [{}, { kind: "rollback" as const }, "-1"],
])("a gate's decision is a number", async (rollout, verdict, value) => {
  await using tools = await openTools();
  tools.rollouts.set(rollout, verdict);
  expect(await ask(tools, 'agent_gate_decision{gate="support-agent"}')).toEqual({
    status: 200,
    body: {
      status: "success",
      data: {
        resultType: "vector",
        result: [
          {
            metric: { __name__: "agent_gate_decision", project: "default", gate: "support-agent", candidate: "7c9b6", stable: "5d4f8" },
            value: [NOW_SECONDS, value],
          },
        ],
      },
    },
  });
});

test("a client may post a form, as Prometheus' own does", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const body = new URLSearchParams({ query: 'agent_gate_e_value{evidence="harm"}', time: String(NOW_SECONDS - 1.5), timeout: "30s" });
  const answer = await fetch(`${tools.url}/api/v1/query`, { method: "POST", body });
  expect(await answer.json()).toMatchObject({ data: { result: [{ value: [NOW_SECONDS - 1.5, "0.4"] }] } });
});

test("the test whether a Prometheus is there works without any gate", async () => {
  await using tools = await openTools();
  expect((await ask(tools, "vector(1)")).body.data).toEqual({ resultType: "vector", result: [{ metric: {}, value: [NOW_SECONDS, "1"] }] });
  expect((await ask(tools, "1+1")).body.data).toEqual({ resultType: "scalar", result: [NOW_SECONDS, "2"] });
});

test("missing labels match nothing, and other times have no data", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  expect((await ask(tools, 'agent_gate_decision{gate="other"}')).body.data.result).toEqual([]);
  const answer = await fetch(`${tools.url}/api/v1/query?query=agent_gate_decision&time=2020-01-01T00:00:00Z`);
  expect(await answer.json()).toMatchObject({ status: "success", data: { result: [] } });
});

test("unsupported or unanswerable queries give errors in Prometheus' format", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const wrong = await ask(tools, "sum(agent_gate_decision)");
  expect([wrong.status, wrong.body]).toEqual([
    400,
    { status: "error", errorType: "bad_data", error: expect.stringContaining("parse error") },
  ]);
  expect((await fetch(`${tools.url}/api/v1/query`)).status).toBe(400);
  tools.rollouts.isAway = true;
  expect(await ask(tools, "agent_gate_decision")).toMatchObject({ status: 503, body: { status: "error", errorType: "unavailable" } });
  for (const path of ["query_range?query=1", "series", "query/x"]) expect((await fetch(`${tools.url}/api/v1/${path}`)).status).toBe(404);
});

test("a key may query only its own project's gates", async () => {
  await using tools = await openTools();
  tools.rollouts.add({ project: "shop" });
  tools.rollouts.add({ project: "default" });
  const projectsFor = async (headers: Record<string, string>) => (await ask(tools, "agent_gate_decision", headers)).body.data.result.length;
  expect([await projectsFor({}), await projectsFor({ authorization: `Bearer ${GATE_KEY}` })]).toEqual([2, 1]);
  expect((await ask(tools, "agent_gate_decision", { authorization: "Bearer sbx_unknown" })).status).toBe(401);
});

test("a scrape has the same numbers, of the newest rollout only, and works without the store", async () => {
  const [rollouts, metrics] = [new MemoryRollouts(), new Registry()];
  registerGateGauges(metrics, rollouts, pino({ level: "silent" }));
  rollouts.set({ candidate: "old" }, {});
  expect(await metrics.metrics()).toContain(
    'agent_gate_units{project="default",gate="support-agent",candidate="old",stable="5d4f8",version="canary"} 60',
  );
  rollouts.add({ candidate: "new" }, { kind: "rollback" });
  const scrape = await metrics.metrics();
  expect(scrape).toContain('agent_gate_decision{project="default",gate="support-agent",candidate="new",stable="5d4f8"} -1');
  expect(scrape).not.toContain('candidate="old"');
  rollouts.isAway = true;
  await metrics.metrics();
  const away = await metrics.metrics();
  expect(away).not.toContain("candidate=");
  expect(away).toMatch(/^agent_gate_read_errors_total [1-9]/m);
});
