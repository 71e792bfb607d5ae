import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import type { ItemScore } from "../scorers/scorer.ts";
import { readScorers } from "../scorers/scorers.ts";
import { anAnswer, anItem } from "../scorers/tryBuilders.ts";
import type { JudgeQuestion } from "./ask.ts";
import { askByEnvironment } from "./askByEnvironment.ts";
import { judgeChoice, judgeIdOfChoice } from "./judgeOf.ts";
import { usedBefore } from "./unfinished.ts";

/** Judges the answer "yes" by a judge whose model answers `texts` in turn; returns the score, and the questions that were asked. */
async function judged(file: object, texts: readonly (string | object)[]): Promise<{ score: ItemScore; asked: JudgeQuestion[] }> {
  const asked: JudgeQuestion[] = [];
  const left = [...texts];
  const [scorer] = readScorers([judgeChoice({ model: "gpt-4o-mini", ...file })], () => async (question) => {
    asked.push(question);
    const text = left.shift() ?? "";
    return { text: typeof text === "string" ? text : JSON.stringify(text), model: "gpt-4o-mini", inputTokens: 1_000, outputTokens: 100 };
  });
  if (scorer === undefined) throw new Error("no scorer");
  return { score: await scorer.score(anItem({ expectedOutput: "no" }), anAnswer({ output: "yes" })), asked };
}

const rubric = { rubric: "Is it kind?", scale: { min: 1, max: 5 }, passAt: 4 };
const grade = (given: number) => ({ reasoning: "Because.", grade: given });

test("the grades of a judge that is asked several times are averaged, and how far it agrees with itself is measured", async () => {
  const { score } = await judged({ ...rubric, repeats: 3 }, [grade(5), grade(5), grade(3)]);
  expect(score).toMatchObject({ value: (13 / 3 - 1) / 4, passed: true, explanation: "5, 5, 3 of 5: Because." });
  expect(score.judge).toMatchObject({ asked: 3, inputTokens: 3_000, outputTokens: 300, agreement: 1 / 3 });
  expect(score.judge?.costUsd).toBeCloseTo(3 * (0.15e-3 + 0.06e-3), 10);
});

test.each([["Four!"], [{ grade: 4 }], [grade(6)], [{ ...grade(4), extra: 1 }], ['{"reasoning":"","grade":NaN}']])(
  "an answer outside the schema, %j, is no score, and says why",
  async (text) => {
    const { score, asked } = await judged(rubric, [text, text]);
    expect(score).toMatchObject({ isFailure: true, value: 0, passed: false, judge: { asked: 2 } });
    expect(score.explanation).toMatch(/^no score: the judge answered outside its schema 2 times: ./);
    expect(asked[1]?.user).toContain("could not be used");
  },
);

test("a judge that is told what was wrong may answer better", async () => {
  expect((await judged(rubric, ["?", grade(5)])).score).toMatchObject({ value: 1, passed: true });
});

test("a judge of pairs is asked in both orders, and one that goes by the place says nothing", async () => {
  const first = { reasoning: "r", better: "first" };
  const second = { reasoning: "r", better: "second" };
  const fair = await judged({ kind: "pairwise", rubric: "?" }, [first, second]);
  expect(fair.score).toMatchObject({ value: 1, judge: { agreement: 1 } });
  expect(fair.asked.map(({ user }) => JSON.parse(user).first)).toEqual(["yes", "no"]);
  const swayed = await judged({ kind: "pairwise", rubric: "?" }, [first, first]);
  expect(swayed.score).toMatchObject({ value: 0.5, explanation: "it chose by the place in 1 of 1 pairs; r", judge: { agreement: 0 } });
});

test("a decision is worth its options, by how probable they are", async () => {
  const options = [
    { name: "solved", value: 1 },
    { name: "partly", value: 0.5 },
    { name: "not", value: 0 },
  ];
  const decision = { kind: "decision", question: "Was it solved?", options, passAt: 0.8 };
  const { score } = await judged(decision, [{ probabilities: { solved: 0.7, partly: 0.2, not: 0.1 } }]);
  expect(score).toMatchObject({ passed: true, explanation: "solved 70 %, partly 20 %, not 10 %" });
  expect(score.value).toBeCloseTo(0.8, 12);
  const wrong = { probabilities: { solved: 0.7, partly: 0.7, not: 0.1 } };
  expect((await judged(decision, [wrong, wrong])).score.explanation).toContain("do not add up to 1");
});

test("a judge is known by its model and all that it is told, wherever its model is", () => {
  const id = (file: object) => judgeIdOfChoice(judgeChoice({ model: "m", rubric: "Is it kind?", ...file }));
  expect(id({})).toMatch(/^[0-9a-f]{16}$/);
  expect(id({ name: "kindness", endpoint: { url: "SIGNALBOX_JUDGE_B_URL" } })).toBe(id({}));
  expect(new Set([id({}), id({ rubric: "Is it kind ?" }), id({ model: "n" }), id({ temperature: 0 }), id({ repeats: 2 })]).size).toBe(5);
});

test("a model that is away in the midst of the repeats ends them, and what was answered before is on the bill", async () => {
  let asked = 0;
  const [scorer] = readScorers([judgeChoice({ model: "gpt-4o-mini", ...rubric, repeats: 9 })], () => async () => {
    asked += 1;
    if (asked > 2) throw new AppError("model_unavailable", "The model is away.", { hint: "Wait." });
    return { text: JSON.stringify(grade(5)), model: "gpt-4o-mini", inputTokens: 1_000, outputTokens: 100 };
  });
  const error = await Promise.resolve(scorer?.score(anItem(), anAnswer())).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: "model_unavailable", message: "The model is away.", hint: "Wait." });
  expect(usedBefore(error)).toMatchObject([{ asked: 2, inputTokens: 2_000 }]);
  expect(asked).toBeLessThan(9);
});

test("how a judge's answers become a score is in its id, too", () => {
  const rubricId = (file: object) => judgeIdOfChoice(judgeChoice({ model: "m", rubric: "Is it kind?", ...file }));
  expect(new Set([rubricId({}), rubricId({ passAt: 0.5 }), rubricId({ passAt: 0.7 })]).size).toBe(3);
  const decisionId = (yes: number, no: number, file: object = {}) => {
    const options = [
      { name: "yes", value: yes },
      { name: "no", value: no },
    ];
    return judgeIdOfChoice(judgeChoice({ kind: "decision", model: "m", question: "Was it solved?", options, ...file }));
  };
  expect(new Set([decisionId(1, 0), decisionId(0, 1), decisionId(1, 0, { passAt: 0.8 })]).size).toBe(3);
});

test("no other variable than a judge's can be sent anywhere", () => {
  const endpoint = { url: "SIGNALBOX_JUDGE_URL", key: "DATABASE_URL" };
  expect(() => readScorers([judgeChoice({ model: "m", ...rubric, endpoint })], askByEnvironment({}))).toThrow(
    "is called SIGNALBOX_JUDGE_KEY",
  );
  expect(() => readScorers([judgeChoice({ model: "m", ...rubric })], askByEnvironment({}))).toThrow(
    "SIGNALBOX_JUDGE_URL, which is not set",
  );
});

/** An OpenAI-compatible endpoint that answers every request alike. */
async function openEndpoint(status: number, body: object) {
  const asked: { headers: IncomingHttpHeaders; body: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ headers: request.headers, body: JSON.parse((await request.toArray()).join("")) });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const env = { SIGNALBOX_JUDGE_URL: url, SIGNALBOX_JUDGE_KEY: "secret-key-1" };
  const ask = askByEnvironment(env)({ url: "SIGNALBOX_JUDGE_URL", key: "SIGNALBOX_JUDGE_KEY" });
  return {
    asked,
    ask,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const question = { model: "m", system: "s", user: "u", schema: { type: "object" } };

test("an OpenAI-compatible endpoint is asked with the schema, and its tokens are counted", async () => {
  const usage = { prompt_tokens: 12, completion_tokens: 3 };
  await using endpoint = await openEndpoint(200, { model: "m-2026", choices: [{ message: { content: "{}" } }], usage });
  expect(await endpoint.ask(question)).toEqual({ text: "{}", model: "m-2026", inputTokens: 12, outputTokens: 3 });
  expect(endpoint.asked[0]?.headers.authorization).toBe("Bearer secret-key-1");
  expect(endpoint.asked[0]?.body).toMatchObject({ response_format: { json_schema: { strict: true, schema: { type: "object" } } } });
});

test("a refusal is said without the key", async () => {
  await using endpoint = await openEndpoint(400, { error: { message: "no schema for secret-key-1" } });
  await expect(endpoint.ask(question)).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringMatching(/answered 400\..*\[key\]/),
  });
  await using other = await openEndpoint(200, { hello: "world" });
  await expect(other.ask(question)).rejects.toMatchObject({ code: "model_unavailable" });
});
