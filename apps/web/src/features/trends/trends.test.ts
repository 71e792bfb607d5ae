import { expect, test } from "vitest";
import { changeOf, SAME_ESTIMATE, shareChangeOf } from "./change.ts";
import { gridOf, plotsOf } from "./plots.ts";
import { stepName } from "./stepNames.ts";
import { stretchLink } from "./trendLinks.ts";
import { type Overview, overviewInputOf, type TrendParams } from "./trendParams.ts";

const HOUR_MS = 3_600_000;
const FROM_MS = Date.UTC(2026, 10, 23, 12);

const nothing = { count: 0, errors: 0, msP50: null, msP95: null, msP99: null };
const noCalls = { ...nothing, inputTokens: 0, outputTokens: 0, costUsd: 0, withoutCost: 0 };

/** Three hours from noon; four traces began in the second one, and one of them failed. */
function anOverview(given: Partial<Overview> = {}): Overview {
  const traces = { count: 4, errors: 1, msP50: 1_000, msP95: 2_000, msP99: 2_000 };
  return {
    window: { from: `${FROM_MS}000000`, to: `${FROM_MS + 3 * HOUR_MS}000000` },
    nowMs: FROM_MS + 3 * HOUR_MS,
    stepSeconds: 3_600,
    stepsSeconds: [3_600],
    points: [{ atMs: FROM_MS + HOUR_MS, traces, calls: noCalls }],
    totals: { traces, calls: noCalls },
    before: {
      points: [{ atMs: FROM_MS - 3 * HOUR_MS, traces: { ...traces, count: 2 }, calls: noCalls }],
      totals: { traces: nothing, calls: noCalls },
    },
    models: [],
    costliest: [],
    costs: [],
    services: [],
    behind: 0,
    ...given,
  };
}

const plot = (overview: Overview, id: string) => plotsOf(overview, "traces").find((one) => one.id === id);
const values = (overview: Overview, id: string) => Object.fromEntries(plot(overview, id)?.series.map((one) => [one.id, one.values]) ?? []);

test("without any traces the count is zero, and shares and durations are absent", () => {
  expect(values(anOverview(), "volume")).toEqual({ ok: [0, 3, 0], failed: [0, 1, 0], before: [2, 0, 0] });
  expect(values(anOverview(), "errors")).toEqual({ share: [null, 0.25, null], before: [0.5, null, null] });
  expect(values(anOverview(), "latency").p95).toEqual([null, 2_000, null]);
  expect(gridOf(anOverview())).toEqual({ fromMs: FROM_MS, stepMs: HOUR_MS, count: 3 });
});

test("a cost that is not known for every call is marked as a minimum", () => {
  const calls = { ...noCalls, count: 3, costUsd: 1.5, withoutCost: 1 };
  const { total, detail } = plot(anOverview({ totals: { traces: nothing, calls } }), "cost") ?? {};
  expect([total, detail]).toEqual(["≥ $1.50", "not known of 1 of 3 calls"]);
});

test("models not listed individually are one sum, and the costliest one's share is of the total", () => {
  const model = (name: string, costUsd: number) => ({ ...noCalls, model: name, count: 1, costUsd });
  const overview = anOverview({
    models: [model("a", 3), model("", 2), model("c", 1)],
    costliest: ["a", ""],
    costs: [{ atMs: FROM_MS, costsUsd: [3, 2], restUsd: 1 }],
  });
  const models = plot(overview, "models");
  expect([models?.total, models?.detail]).toEqual(["50%", "a"]);
  expect(models?.series.map(({ label, values: [first] }) => [label, first])).toEqual([
    ["a", 3],
    ["No model told", 2],
    ["All others", 1],
  ]);
});

test("a change is given in percent, in times when it is large, and not at all when it is small", () => {
  expect(changeOf(110, 100)).toEqual({ kind: "up", text: "10%" });
  expect(changeOf(50, 100)).toEqual({ kind: "down", text: "50%" });
  expect(changeOf(2_512, 100)).toEqual({ kind: "up", text: "25 times" });
  expect(changeOf(1_002, 1_000)).toEqual({ kind: "same" });
  expect(changeOf(1_015, 1_000, SAME_ESTIMATE)).toEqual({ kind: "same" });
  expect([changeOf(1, 0), changeOf(0, 0), changeOf(null, 1)].map(({ kind }) => kind)).toEqual(["new", "unknown", "unknown"]);
  expect(shareChangeOf(0.05, 0.02)).toEqual({ kind: "up", text: "3 points" });
});

test("a step's width is in words", () => {
  expect([60, 900, 3_600, 10_800, 86_400, 604_800].map(stepName)).toEqual([
    "1 minute",
    "15 minutes",
    "1 hour",
    "3 hours",
    "1 day",
    "1 week",
  ]);
});

const params: TrendParams = {
  ...{ project: "shop", range: "24h", from: null, to: null, of: "traces", step: null, service: "s", model: null, tables: [] },
};

test("a stretch leads to the traces that began in it, to those that failed from where failures are shown", () => {
  const linkOf = (id: "volume" | "errors", given: Partial<TrendParams> = {}) =>
    new URL(stretchLink({ ...params, ...given }, id, gridOf(anOverview()), { first: 0, last: 1 }), "http://c").searchParams;
  expect(Object.fromEntries(linkOf("volume"))).toEqual({
    project: "shop",
    from: "2026-11-23T12:00:00.000Z",
    to: "2026-11-23T14:00:00.000Z",
    service: "s",
  });
  expect(linkOf("errors").get("status")).toBe("error");
  expect(linkOf("errors", { of: "calls" }).get("errors")).toBe("true");
  expect(linkOf("errors", { model: "m" }).get("model")).toBe("m");
});

test("parameters missing from the URL are not sent, and neither is an invalid step", () => {
  expect(overviewInputOf({ ...params, service: "", step: -5 })).toEqual({
    project: "shop",
    range: { kind: "last", ms: 86_400_000 },
    filter: {},
  });
  expect(overviewInputOf({ ...params, step: 900 })).toMatchObject({ filter: { service: "s" }, stepSeconds: 900 });
});
