import { canonicalJson, type Decision, EMPTY_CHAIN, sealDecision } from "@signalbox/model";
import { expect, test } from "vitest";
import { PlainSeal } from "./plainSeal.ts";

function aDecision(given: Partial<Decision> = {}): Decision {
  return sealDecision(EMPTY_CHAIN, {
    ...{
      project: "default",
      taskId: "f77b96ee-fbd1-87ec-861d-a48b0d89727e",
      kind: "planned",
      time: "2026-11-26T08:00:00.500Z",
      attempt: 2,
    },
    ...{ actor: { service: "worker", version: "1.0.0" }, traceId: "a".repeat(32), spanId: null, chosen: "stop 🚆", confidence: 0.93 },
    ...{ reason: "it fits", detail: { a: [1, "ü"] } },
    ...given,
  });
}

/** The line of a decision as `COPY` has it, but for escapes. */
function lineOf(decision: Decision, { time = "2026-11-26 08:00:00.5+00", detail = canonicalJson(decision.detail) } = {}): Buffer {
  const { taskId, seq, prevHash, hash, actor, attempt, chosen, confidence, kind, project, reason, spanId, traceId } = decision;
  const fields = [taskId, seq, prevHash, hash, actor.service, actor.version, attempt, chosen, confidence, detail, kind, project, reason];
  return Buffer.from([...fields, spanId, time, traceId].map((field) => (field === null ? "\\N" : String(field))).join("\t"));
}

const sealed = (line: Buffer) => new PlainSeal().sealed(Buffer.concat([Buffer.from("x\n"), line, Buffer.from("\n")]), 2, 2 + line.length);

test.each([
  ["a fraction of a second", {}, "2026-11-26 08:00:00.5+00"],
  ["a whole second", { time: "2026-11-26T08:00:00.000Z" }, "2026-11-26 08:00:00+00"],
  ["a span, and no confidence", { spanId: "b".repeat(16), confidence: null }, "2026-11-26 08:00:00.5+00"],
  ["empty texts", { reason: "", detail: {} }, "2026-11-26 08:00:00.5+00"],
])("a plain decision is sealed: %s", (_, given, time) => {
  const decision = aDecision(given);
  const { taskId, seq, prevHash, hash } = decision;
  expect(sealed(lineOf(decision, { time }))).toEqual({ taskId, seq, prevHash, hash });
});

test.each([
  ["a byte that is another", (line: string) => line.replace("it fits", "it fots")],
  ["a quote that would end a field", (line: string) => line.replace("default\tit fits", 'default","reason":"it fits\t')],
  ["an escape", (line: string) => line.replace("it fits", "it\\tfits")],
  ["detail that is not canonical", (line: string) => line.replace('{"a":[1,', '{"a": [1,')],
  ["a time that is none", (line: string) => line.replace(/2026-11-26 08:00:00.5\+00/, "infinity")],
  ["a time before Christ", (line: string) => line.replace("+00", "+00 BC")],
  ["detail of great depth", (line: string) => line.replace('{"a":[1,"ü"]}', "[".repeat(50_000))],
  ["another time zone", (line: string) => line.replace("+00", "+02")],
  ["a field too few", (line: string) => line.slice(0, line.lastIndexOf("\t"))],
])("nothing is said of %s", (_, change) => {
  expect(sealed(Buffer.from(change(lineOf(aDecision()).toString())))).toBeUndefined();
});

test("nothing is said of a minus zero where a zero was sealed", () => {
  const line = lineOf(aDecision({ confidence: 0 })).toString();
  expect(sealed(Buffer.from(line))).toBeDefined();
  expect(sealed(Buffer.from(line.replace("\t0\t{", "\t-0\t{")))).toBeUndefined();
});
