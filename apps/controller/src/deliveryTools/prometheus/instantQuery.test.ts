import { expect, test } from "vitest";
import { readInstantQuery } from "./instantQuery.ts";

const SERIES = { __name__: "agent_gate_decision", gate: "support-agent", candidate: "7c9b6" } as Record<string, string>;

function selects(query: string): boolean {
  const read = readInstantQuery(query);
  if (read.kind !== "selector") throw new TypeError(`${query} is no selector`);
  return read.matchers.every(({ label, matches }) => matches(SERIES[label] ?? ""));
}

test.each([
  ["1", { kind: "scalar", value: 1 }],
  ["1+1", { kind: "scalar", value: 2 }],
  ["vector(1)", { kind: "vector", value: 1 }],
  [" vector ( -2.5e1 ) ", { kind: "vector", value: -25 }],
])("%s is read", (query, read) => {
  expect(readInstantQuery(query)).toEqual(read);
});

test.each([
  "agent_gate_decision",
  'agent_gate_decision{gate="support-agent"}',
  "agent_gate_decision { gate = 'support-agent' , }",
  "{__name__=`agent_gate_decision`}",
  '{__name__=~"agent_gate_.+",gate=~"other|support.*"}',
  'agent_gate_decision{gate!="other",candidate!~"a.*",nobody=""}',
  "agent_gate_decision{}",
])("%s selects the gate", (query) => {
  expect(selects(query)).toBe(true);
});

test.each([
  "agent_gate_e_value",
  'agent_gate_decision{gate="support"}',
  'agent_gate_decision{gate=~"support"}',
  'agent_gate_decision{gate="support\\"-agent"}',
  'agent_gate_decision{nobody!=""}',
])("%s selects something else", (query) => {
  expect(selects(query)).toBe(false);
});

test.each([
  "",
  "{}",
  '{gate=~".*"}',
  "sum(agent_gate_decision)",
  "agent_gate_decision[5m]",
  "agent_gate_decision offset 5m",
  "agent_gate_decision > 0",
  "rate(agent_gate_units[1m])",
  'agent_gate_decision{gate="a" candidate="b"}',
  'agent_gate_decision{gate=~"(a+)+b"}',
  'agent_gate_decision{gate=~".*.*.*.*.*a"}',
  'agent_gate_decision{gate="a\\x"}',
  "agent_gate_decision{gate=a}",
  "vector(agent_gate_decision)",
  "vector(1",
])("%s is refused", (query) => {
  expect(() => readInstantQuery(query)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
