import { expect, test } from "vitest";
import { SUPPORT_POLICY } from "../testing/aJudgedRollout.ts";
import { FlaggerCanaryObject, FlaggerMetricTemplate } from "../testing/flaggerObjects.ts";
import { infraFile } from "../testing/infraFile.ts";
import { openTools } from "../testing/openTools.ts";

const canary = FlaggerCanaryObject.parse(infraFile("flagger/canary.yaml")[0]);
const template = FlaggerMetricTemplate.parse(infraFile("flagger/metric-template.yaml")[0]);

test("a canary's weights are the steps of the gate's policy", () => {
  const weights = SUPPORT_POLICY.spec.canary?.steps.map(({ setWeight }) => setWeight);
  expect([canary.spec.analysis.stepWeights, canary.spec.analysis.maxWeight]).toEqual([weights, weights?.at(-1)]);
});

test("every webhook leads to one of ours, and each question is asked once", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  const statuses: Record<string, number> = {};
  for (const { type, url } of canary.spec.analysis.webhooks) {
    expect(statuses[type]).toBeUndefined();
    const body = JSON.stringify({ name: "support-agent", namespace: "agents", phase: "Progressing", checksum: "85d557f47b" });
    const answer = await fetch(tools.url + new URL(url).pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    statuses[type] = answer.status;
  }
  expect(statuses).toEqual({
    ...{ "confirm-rollout": 200, "pre-rollout": 200, "confirm-traffic-increase": 200, "confirm-promotion": 403, rollback: 403, event: 200 },
  });
});

test("the metric's query is answered, and rollback alone is below its range", async () => {
  await using tools = await openTools();
  const [metric] = canary.spec.analysis.metrics;
  const query = template.spec.query.replace("{{ variables.gate }}", metric?.templateVariables.gate ?? "");
  const isInRange = async () => {
    const answer = await fetch(`${tools.url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    return Number(data.result.at(-1)?.value[1]) >= (metric?.thresholdRange.min ?? Number.NaN);
  };
  tools.rollouts.set({}, {});
  expect(await isInRange()).toBe(true);
  tools.rollouts.set({}, { kind: "rollback" });
  expect(await isInRange()).toBe(false);
});
