import { RedactionRules, Redactor } from "@signalbox/model";
import { expect, test } from "vitest";
import { decodeLogRecords, decodeMetricPoints } from "../decode/index.ts";
import { aRun } from "../testing/builders/langsmithBuilders.ts";
import { metricsRequest } from "../testing/builders/metricsBuilders.ts";
import { attributes, logsRequest } from "../testing/builders/otlpBuilders.ts";
import { RecordRedactor, redactRun } from "./redactRecords.ts";

const redactor = new Redactor(RedactionRules.parse({ patterns: [{ name: "word", pattern: "secret" }], attributes: ["*key*"] }));
const records = new RecordRedactor(redactor);
const bodyOf = (request: unknown) => Buffer.from(JSON.stringify(request));

test("the name of a log's event and its severity are texts too", () => {
  const log = { timeUnixNano: "1", eventName: "a secret", severityText: "secret!", body: { stringValue: "x" } };
  const [record] = decodeLogRecords(bodyOf(logsRequest([log])), "json").map(records.logRecord);
  expect(record).toMatchObject({ eventName: "a [redacted: word]", severity: "[redacted: word]!" });
});

test("the unit of a metric is a text too", () => {
  const metric = { name: "secret", unit: "{secret}", gauge: { dataPoints: [{ timeUnixNano: "1", asInt: "1" }] } };
  const [point] = decodeMetricPoints(bodyOf(metricsRequest([metric])), "json").map(records.metricPoint);
  expect(point?.metric).toMatchObject({ name: "secret", unit: "{[redacted: word]}" });
});

test("attributes whose redacted names are equal keep their values", () => {
  const byPlace = new Redactor(RedactionRules.parse({ patterns: [{ name: "place", pattern: "secret[0-9]" }] }));
  const log = { timeUnixNano: "1", attributes: attributes({ "in secret1": 1, "in secret2": 2, other: 3 }) };
  const [record] = decodeLogRecords(bodyOf(logsRequest([log])), "json").map(new RecordRedactor(byPlace).logRecord);
  expect([...(record?.attributes.keys() ?? [])]).toEqual(["in [redacted: place]", "in [redacted: place] 2", "other"]);
});

test("a run keeps its place in its trace", () => {
  const { post, patch } = aRun({ parent: aRun() });
  const { id, trace_id, parent_run_id, dotted_order, start_time, run_type } = post;
  expect(redactRun(post as never, redactor)).toMatchObject({ id, trace_id, parent_run_id, dotted_order, start_time, run_type });
  expect(redactRun(patch as never, redactor)).toMatchObject({ end_time: patch.end_time });
});

test("an invalid id or time is redacted like any other value", () => {
  const fields = {
    run_type: "secret",
    session_id: "secret",
    reference_example_id: ["secret"],
    created_at: "secret",
    dotted_order: "secret",
  };
  const feedback = { id: aRun().id, key: "tone secret", score: "secret", modified_at: "secret" };
  const redacted = redactRun({ ...fields, "feedback.secret": feedback }, redactor);
  expect(JSON.stringify(redacted)).not.toContain("secret");
  expect(redacted).toMatchObject({
    run_type: "[redacted: word]",
    "feedback.[redacted: word]": { id: feedback.id, key: "tone [redacted: word]" },
  });
});
