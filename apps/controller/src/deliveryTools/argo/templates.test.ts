import { AnalysisTemplate } from "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate";
import { Rollout } from "@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout";
import { expect, test } from "vitest";
import { aRollout, SUPPORT_POLICY } from "../testing/aJudgedRollout.ts";
import { ArgoMetric } from "../testing/argoMetric.ts";
import { infraFile } from "../testing/infraFile.ts";
import { openTools } from "../testing/openTools.ts";

const templates = infraFile("argo/analysis-templates.yaml").map((object) => new AnalysisTemplate(object as never));
const [advance, harm] = templates;
const [rollout] = infraFile("argo/rollout.yaml").map((object) => new Rollout(object as never));

const metricOf = (template: AnalysisTemplate | undefined) => template?.spec?.metrics?.[0] ?? expect.fail("a template without a metric");

/** A condition of our templates, as a function of the JSON path's result. */
function conditionOf(text: string | undefined) {
  const [, key, value] = /^result\.(\w+) == "(\w+)"$/.exec(text ?? "") ?? [];
  return key === undefined ? undefined : (result: Record<string, unknown>) => result[key] === value;
}

const modelOf = (template: AnalysisTemplate | undefined) => {
  const metric = metricOf(template);
  const [success, failure] = [conditionOf(metric.successCondition), conditionOf(metric.failureCondition)];
  return new ArgoMetric({
    ...{ ...(success === undefined ? {} : { success }), ...(failure === undefined ? {} : { failure }) },
    ...{ count: metric.count === undefined ? null : Number(metric.count), inconclusiveLimit: Number(metric.inconclusiveLimit ?? 0) },
    ...{
      consecutiveErrorLimit: Number(metric.consecutiveErrorLimit ?? 4),
      consecutiveSuccessLimit: Number(metric.consecutiveSuccessLimit ?? 0),
    },
  });
};

test("the templates and the rollout fit Argo's own schemas", () => {
  for (const object of [...templates, rollout]) expect(() => object?.validate()).not.toThrow();
  expect(() =>
    new AnalysisTemplate({ metadata: { name: "a" }, spec: { metrics: [{ name: "b", interval: 1 }] } } as never).validate(),
  ).toThrow();
});

test("counts and limits fit each other as Argo wants them", () => {
  const { count, failureLimit, consecutiveSuccessLimit, inconclusiveLimit, interval } = metricOf(advance);
  expect(Number(count)).toBeGreaterThanOrEqual(Number(failureLimit) + Number(consecutiveSuccessLimit));
  expect(Number(count)).toBeGreaterThanOrEqual(Number(inconclusiveLimit));
  expect([interval, metricOf(harm).count, metricOf(harm).successCondition]).toEqual(["60s", undefined, undefined]);
});

test("the steps are those of the gate's policy, and each asks with its own weight", () => {
  const steps = rollout?.spec?.strategy?.canary?.steps ?? [];
  const weights = steps.flatMap(({ setWeight }) => (setWeight === undefined ? [] : [setWeight]));
  const stages = steps.flatMap(
    ({ analysis }) => analysis?.args?.filter(({ name }) => name === "stage").map(({ value }) => Number(value)) ?? [],
  );
  expect(weights).toEqual(SUPPORT_POLICY.spec.canary?.steps.map(({ setWeight }) => setWeight));
  expect(stages).toEqual(weights);
});

test("a template's own conditions and address work at our endpoint", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const { canary, ...rest } = {
    canary: aRollout().candidate,
    stable: aRollout().stable,
    gate: "support-agent",
    stage: "5",
    address: tools.url,
  };
  const args: Record<string, string> = { canary, ...rest };
  const urlOf = (template: AnalysisTemplate | undefined) =>
    (metricOf(template).provider.web?.url ?? "").replaceAll(/\{\{args\.([a-z-]+)\}\}/g, (_whole, name: string) => args[name] ?? "");
  const [advancing, background] = [modelOf(advance), modelOf(harm)];
  expect([await advancing.measure(urlOf(advance)), await background.measure(urlOf(harm))]).toEqual(["Running", "Running"]);
  tools.rollouts.set({ step: 1 }, { step: 1 });
  expect([await advancing.measure(urlOf(advance)), await background.measure(urlOf(harm))]).toEqual(["Successful", "Running"]);
  tools.rollouts.set({ phase: "aborted", reason: "Somebody aborted it." });
  expect([await modelOf(advance).measure(urlOf(advance)), await background.measure(urlOf(harm))]).toEqual(["Failed", "Failed"]);
});
