import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { reward } from "./reward.ts";

test("what the controller found counts; where nobody looked nothing passes", () => {
  const judge = reward.make({});
  expect(judge(anItem(), anAnswer({ reward: { value: 1, reason: "" } }))).toMatchObject({ value: 1, passed: true });
  expect(judge(anItem(), anAnswer({ reward: { value: 0, reason: "not as expected: users/ada" } }))).toMatchObject({
    explanation: "not as expected: users/ada",
  });
  expect(judge(anItem(), anAnswer())).toMatchObject({ passed: false });
});
