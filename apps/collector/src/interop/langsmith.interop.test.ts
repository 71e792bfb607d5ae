import { type ClickHouseClient, createScoreReader } from "@signalbox/db/clickhouse";
import { expect, test } from "vitest";
import { z } from "zod";
import { expectedOf } from "../testing/expectations.ts";
import { javaScript, sentAndRead } from "../testing/interop/interop.ts";

test("what a person sees of LangSmith for JavaScript over OpenTelemetry", async () => {
  const seen = await sentAndRead(javaScript("langsmith"), findFeedback);
  expect(seen.traces).toBe(expectedOf("langsmith-js-otel"));
  expect(seen.list).toEqual(["clerk: 4 spans, 2000 to 200 tokens, $0.006 estimated, session s1"]);
});

/** Expects the client's feedback on the root run as a score of the root's span. */
async function findFeedback(clickhouse: ClickHouseClient): Promise<void> {
  const answer = await clickhouse.query({
    query: "SELECT lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId FROM spans WHERE name = 'clerk'",
    format: "JSONEachRow",
  });
  const [root] = z.tuple([z.object({ traceId: z.string(), spanId: z.string() })]).parse(await answer.json());
  const scores = await createScoreReader(clickhouse).ofTrace("default", root.traceId, 10);
  expect(scores).toMatchObject([{ ...root, name: "liked", value: 1, explanation: "kind" }]);
}
