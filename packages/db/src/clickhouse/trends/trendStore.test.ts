import { expect, test } from "vitest";
import { busiestServices, costByModel, costliestModels, type TrendQuery, trendOverTime, trendTotals } from "./trendStore.ts";

const window = { from: "1795392000000000000", to: "1795478400000000000" };
const byHour: TrendQuery = { project: "default", window, filter: {}, stepSeconds: 43_200 };
const STATEMENTS = {
  "trend-over-time": trendOverTime({ ...byHour, filter: { service: "s", model: "m" } }),
  "trend-totals": trendTotals({ ...byHour, filter: { service: "s", model: "m" } }),
  "cost-by-model": costByModel({ ...byHour, filter: { service: "s" } }, ["a", "b"]),
  "busiest-services": busiestServices(byHour, 10),
  "costliest-models": costliestModels({ ...byHour, filter: { service: "s" } }, 10),
};

for (const [name, { sql }] of Object.entries(STATEMENTS)) {
  test(`${name}: the SQL is as it was reviewed`, () => expect(`${sql}\n`).toMatchFileSnapshot(`__golden__/${name}.sql`));
}

test("points of whole hours are made of hours, finer ones of minutes", () => {
  expect(trendOverTime(byHour).params).toMatchObject({ unit: "hour", unitSeconds: 3_600 });
  expect(trendOverTime({ ...byHour, stepSeconds: 1_800 }).params).toMatchObject({ unit: "minute", unitSeconds: 60 });
});
