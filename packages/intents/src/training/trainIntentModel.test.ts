import { expect, test } from "vitest";
import { openIntentModel } from "../intentModel.ts";
import { encodeModel } from "../modelFile/modelFile.ts";
import { OFF_TOPIC, SMALL_TALK, trainSmallTalk } from "../testing/smallTalk.ts";

test("it tells intents apart in texts that it has not seen", async () => {
  const classify = openIntentModel(await trainSmallTalk());
  expect(classify("please close my savings book")).toMatchObject({ intent: "close" });
  expect(classify("Where do I find a cash machine")).toMatchObject({ intent: "where" });
  const { confidence } = classify("please open a new deposit");
  expect(confidence).toBeGreaterThan(0.5);
  expect(confidence).toBeLessThanOrEqual(1);
});

test("a text without one known n-gram is an abstention", async () => {
  expect(openIntentModel(await trainSmallTalk())("日本語")).toMatchObject({ abstained: true });
  expect(openIntentModel(await trainSmallTalk())("")).toMatchObject({ abstained: true });
});

test("the same rows and seed give the same bytes, another seed others", async () => {
  const bytes = async (seed: number): Promise<Buffer> => encodeModel(await trainSmallTalk({ seed }));
  expect((await bytes(1)).equals(await bytes(1))).toBe(true);
  expect((await bytes(1)).equals(await bytes(2))).toBe(false);
});

test("validation rows that are given calibrate and teach nothing", async () => {
  const validation = SMALL_TALK.filter((_, index) => index % 6 === 0);
  const training = SMALL_TALK.filter((_, index) => index % 6 !== 0);
  const relabelled = validation.map(({ text, intent }) => ({ text, intent: intent === "open" ? "close" : intent }));
  const [right, wrong] = await Promise.all([validation, relabelled].map((rows) => trainSmallTalk({ training, validation: rows })));
  expect(right?.classifier).toEqual(wrong?.classifier);
  expect(wrong?.temperature).toBeGreaterThan(right?.temperature ?? Number.POSITIVE_INFINITY);
  expect(right?.provenance).toMatchObject({ validation: "given", rows: { training: training.length, validation: validation.length } });
});

test("without validation rows some are held out, and the model is trained on all in the end", async () => {
  const calls: [number, number][] = [];
  const model = await trainSmallTalk({
    onProgress: async (done, total) => {
      calls.push([done, total]);
    },
  });
  expect(model.provenance).toMatchObject({ validation: "held_out", rows: { training: SMALL_TALK.length, validation: 3 } });
  expect(calls).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
  expect(model.space.words.terms).toEqual((await trainSmallTalk({ validation: SMALL_TALK })).space.words.terms);
});

test("the threshold refuses as many out-of-scope rows as asked", async () => {
  const model = await trainSmallTalk({ validation: [...SMALL_TALK, ...OFF_TOPIC], outOfScopeRefused: 1 });
  const classify = openIntentModel(model);
  expect(OFF_TOPIC.map(({ text }) => classify(text).abstained)).toEqual([true, true, true]);
  expect(model.provenance.refused).toEqual({ of: "out_of_scope", share: 1 });
});

test("out-of-scope training rows speak against every intent", async () => {
  const without = openIntentModel(await trainSmallTalk({ validation: SMALL_TALK }));
  const taught = openIntentModel(await trainSmallTalk({ training: [...SMALL_TALK, ...OFF_TOPIC], validation: SMALL_TALK }));
  expect(taught("where do giraffes sing")).not.toEqual(without("where do giraffes sing"));
  expect((await trainSmallTalk({ training: [...SMALL_TALK, ...OFF_TOPIC] })).labels).toEqual(["close", "open", "where"]);
});

test.each([
  ["no intent", { training: OFF_TOPIC }],
  ["one intent only", { training: SMALL_TALK.slice(0, 12) }],
  ['the intent "sing"', { validation: [{ text: "sing", intent: "sing" }] }],
  ["two rows", { training: [SMALL_TALK[0], SMALL_TALK[12]].flatMap((row) => row ?? []) }],
])("rows that no model can be made of are refused: %s", async (message, more) => {
  await expect(trainSmallTalk(more)).rejects.toMatchObject({ code: "invalid_input", message: expect.stringContaining(message) });
});
