import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { askQuestions, worstMsP95 } from "./askQuestions.ts";
import type { Question } from "./questions.ts";

const never = new AbortController().signal;
const samples = ["a", "b", "c"].map((traceId) => ({ traceId, session: "", user: "", word: "" }));

/** A question that records whom it asks, and about what. */
function recorded(asked: string[], answer: () => Promise<unknown> = async () => 1): Question {
  const ask = (way: string) => (sample: { traceId: string }) => {
    asked.push(`${way} ${sample.traceId}`);
    return answer();
  };
  return { name: "q", kind: "list", store: ask("store"), procedure: ask("procedure") };
}

test("every asking is about another sample, both ways take turns to go first, and the first asking is not counted", async () => {
  const asked: string[] = [];
  const [one] = await askQuestions([recorded(asked)], samples, 2, never);
  expect(asked).toEqual(["procedure a", "store a", "store b", "procedure b", "procedure c", "store c"]);
  expect([one?.store.runs, one?.procedure.runs]).toEqual([2, 2]);
});

test("a store that gives up is counted, any other failure ends the benchmark", async () => {
  const overloaded = new AppError("overloaded", "too much");
  const gaveUp = recorded([], () => Promise.reject(overloaded));
  const wrapped = recorded([], () => Promise.reject(new Error("outside", { cause: overloaded })));
  expect((await askQuestions([gaveUp, wrapped], samples, 3, never)).map(({ store }) => store.overloaded)).toEqual([3, 3]);
  const broken = recorded([], () => Promise.reject(new AppError("upstream_unavailable", "away")));
  await expect(askQuestions([broken], samples, 1, never)).rejects.toThrow("away");
});

test("a kind of question is judged by its slowest one", () => {
  const latency = (msP95: number) => ({ runs: 1, overloaded: 0, msP50: 1, msP95 });
  const asked = (kind: Question["kind"], msP95: number) => ({ name: "q", kind, store: latency(msP95), procedure: latency(99) });
  expect(worstMsP95([asked("list", 3), asked("list", 5), asked("text", 9)], "list")).toBe(5);
});
