import { z } from "zod";
import { answer, refusal } from "../../documents/documentTool.ts";
import { defineTool } from "./defineTool.ts";

/** Looks up the bank's article on a topic. */
export const getArticle = defineTool({
  name: "get_article",
  description: "Looks up the bank's answer to a question that needs nobody's data, by its topic, like exchange_rate.",
  arguments: { topic: z.string().min(1) },
  async run(world, { topic }) {
    const article = await world.get("articles", topic);
    return article === undefined ? refusal("there is no article on this topic") : answer(article);
  },
});
