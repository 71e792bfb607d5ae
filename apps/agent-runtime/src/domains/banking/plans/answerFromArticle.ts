import { call, farewell, handOver, type Plan } from "../../plan.ts";
import { readArticle } from "./outputs.ts";

/** Answers a question from the bank's own articles; one that no article answers goes to a person. */
export function* answerFromArticle(topic: string): Plan {
  const article = readArticle(yield call("get_article", { topic }, "The question needs nobody's data."));
  if (article === null) return yield* handOver(`A question about ${topic.replaceAll("_", " ")}.`, "No article answers it.");
  return farewell(article.text, "The article answers it.");
}
