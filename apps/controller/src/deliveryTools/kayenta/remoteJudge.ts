import { judgeSeries, type SeriesFinding } from "@signalbox/evals";
import { z } from "zod";

/** The probability of calling any of the equal pairs of series in a request harmful; Kayenta's own intervals have 98 %. */
const ALPHA = 0.02;

const SERIES_MAX = 1_000;
const BUCKETS_MAX = 20_000;

/** A value of a bucket. A missing one comes as null, or as NaN in Jackson's notation. */
const Value = z
  .union([z.number(), z.null(), z.enum(["NaN", "Infinity", "-Infinity"])])
  .transform((value) => (typeof value === "number" ? value : Number.NaN));

const MetricConfig = z.object({
  name: z.string(),
  groups: z.array(z.string()).default([]),
  analysisConfigurations: z
    .object({
      canary: z
        .object({
          direction: z.enum(["increase", "decrease", "either"]).default("either"),
          critical: z.boolean().default(false),
          mustHaveData: z.boolean().default(false),
          muted: z.boolean().default(false),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** The request of a remote judge (`kayenta.remote-judge.enabled`), with the fields that we read. */
export const JudgeRequest = z.object({
  canaryConfig: z.object({
    metrics: z.array(MetricConfig).max(SERIES_MAX),
    classifier: z.object({ groupWeights: z.record(z.string(), z.number().min(0)).default({}) }).prefault({}),
  }),
  scoreThresholds: z.object({ pass: z.number(), marginal: z.number() }),
  metricSetPairList: z
    .array(
      z.object({
        id: z.string().default(""),
        name: z.string(),
        tags: z.record(z.string(), z.string()).nullish(),
        values: z.object({ control: z.array(Value).max(BUCKETS_MAX), experiment: z.array(Value).max(BUCKETS_MAX) }),
      }),
    )
    .max(SERIES_MAX),
});
export type JudgeRequest = z.infer<typeof JudgeRequest>;

const CLASSES = { pass: "Pass", high: "High", low: "Low", nodata: "Nodata" } as const satisfies Record<SeriesFinding["kind"], string>;

type MetricSettings = z.infer<typeof MetricConfig>["analysisConfigurations"]["canary"];
type Judged = { name: string; groups: string[]; settings: MetricSettings; finding: SeriesFinding };

/** Judges posted series. Pure. The result is a Kayenta CanaryJudgeResult. A muted metric is shown but does not count. */
export function judge({ canaryConfig, scoreThresholds, metricSetPairList }: JudgeRequest) {
  const configs = new Map(canaryConfig.metrics.map((metric) => [metric.name, metric]));
  const unknown = MetricConfig.parse({ name: "" });
  const asked = metricSetPairList.map((pair) => {
    const { groups, analysisConfigurations } = configs.get(pair.name) ?? unknown;
    return { pair, groups, settings: analysisConfigurations.canary };
  });
  const findings = judgeSeries(
    asked.map(({ pair, settings }) => ({ stable: pair.values.control, candidate: pair.values.experiment, harm: settings.direction })),
    ALPHA,
  );
  const judged: Judged[] = asked.flatMap(({ pair, groups, settings }, index) => {
    const finding = findings[index];
    return finding === undefined ? [] : [{ name: pair.name, groups, settings, finding }];
  });
  const counted = judged.filter(({ settings }) => !settings.muted);
  const groupScores = groupScoresOf(counted, canaryConfig.classifier.groupWeights);
  return {
    judgeName: "signalbox",
    results: judged.map(({ name, groups, settings, finding }, index) => ({
      ...{ name, id: asked[index]?.pair.id ?? "", tags: asked[index]?.pair.tags ?? {}, groups, critical: settings.critical },
      ...{ classification: CLASSES[finding.kind], classificationReason: reasonOf(finding) },
      resultMetadata: { pairs: finding.pairs, pValue: finding.pValue, medianDifference: finding.medianDifference },
    })),
    groupScores: groupScores.map(({ name, score }) => ({ name, score, classification: "", classificationReason: "" })),
    score: scoreOf(counted, groupScores, scoreThresholds),
  };
}

function reasonOf({ kind, pairs, pValue }: SeriesFinding): string {
  if (kind === "nodata") return `${pairs} buckets that both versions have are too few to find a difference.`;
  const p = `p = ${pValue?.toPrecision(3)} over ${pairs} buckets`;
  return kind === "pass"
    ? `No harm is shown (${p}).`
    : `The candidate is ${kind === "high" ? "above" : "below"} the stable version (${p}).`;
}

type GroupScore = { name: string; score: number; weight: number };

/** For each group, the percentage of its metrics that pass. Metrics without data are left out, and so is a group with no others. */
function groupScoresOf(judged: readonly Judged[], weights: Readonly<Record<string, number>>): GroupScore[] {
  const names = [...new Set(judged.flatMap(({ groups }) => groups))];
  return names.flatMap((name) => {
    const known = judged.filter(({ groups, finding }) => groups.includes(name) && finding.kind !== "nodata");
    if (known.length === 0) return [];
    const passed = known.filter(({ finding }) => finding.kind === "pass").length;
    return [{ name, score: (100 * passed) / known.length, weight: weights[name] ?? 0 }];
  });
}

/**
 * The overall score: 0 if a critical metric failed, if a metric that must have data has none, or if half of the metrics or more have none.
 */
function scoreOf(judged: readonly Judged[], groups: readonly GroupScore[], { pass, marginal }: JudgeRequest["scoreThresholds"]) {
  const failed = judged.find(({ settings, finding }) => settings.critical && finding.kind !== "pass");
  if (failed !== undefined)
    return { score: 0, classification: "Fail", classificationReason: `${failed.name} is critical: ${reasonOf(failed.finding)}` };
  const missing = judged.find(({ settings, finding }) => settings.mustHaveData && finding.kind === "nodata");
  if (missing !== undefined) return { score: 0, classification: "Fail", classificationReason: `${missing.name} must have data.` };
  const unseen = judged.filter(({ finding }) => finding.kind === "nodata").length;
  if (unseen * 2 >= judged.length)
    return { score: 0, classification: "Nodata", classificationReason: `${unseen} of ${judged.length} metrics have too little data.` };
  const weight = groups.reduce((sum, group) => sum + group.weight, 0);
  const passed = judged.filter(({ finding }) => finding.kind === "pass").length;
  const score =
    weight > 0 ? groups.reduce((sum, group) => sum + group.score * group.weight, 0) / weight : (100 * passed) / (judged.length - unseen);
  const classification = score >= pass ? "Pass" : score >= marginal ? "Marginal" : "Fail";
  return { score, classification, classificationReason: `${passed} of ${judged.length - unseen} metrics with data pass.` };
}
