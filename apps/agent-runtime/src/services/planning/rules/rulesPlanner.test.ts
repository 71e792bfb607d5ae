import type { Passage, Turn } from "@signalbox/model";
import { expect, test } from "vitest";
import { planByRules } from "./rulesPlanner.ts";

const PASSAGE: Passage = { document: "ages", title: "Ages", text: "From sixteen on.", attributes: {}, score: 1 };

/** The move for a bank customer's question about age limits, after `get_article` returned `output`. */
function afterArticle(output: string, passages: Passage[]) {
  const understanding = { intent: "age_limit", confidence: 1, abstained: false, slots: {} };
  const asked = { name: "get_article", arguments: { topic: "age_limit" } };
  const turns: Turn[] = [{ kind: "tool", callId: "call_1", call: asked, said: null, output }];
  return planByRules({ domain: "banking", message: "How old?", understanding, turns, memories: { turns: [], passages } });
}

test("a question is answered by the bank's article, or without one by passages of the documents", () => {
  const article = JSON.stringify({ topic: "age_limit", text: "From eighteen on." });
  expect(afterArticle(article, [PASSAGE])).toMatchObject({ kind: "reply", content: "From eighteen on." });
  expect(afterArticle("Error: none", [PASSAGE])).toMatchObject({
    kind: "reply",
    content: "This is what our documents say (Ages): From sixteen on.",
    reason: expect.stringContaining("ages is the nearest document"),
  });
  expect(afterArticle("Error: none", [])).toMatchObject({ kind: "tool", call: { name: "transfer_to_human_agents" } });
});
