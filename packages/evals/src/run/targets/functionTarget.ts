import { plainReply, type Question, type Reply, type Target } from "../target.ts";

/** A target within this process: a function of an item's input. */
export type TargetFunction = (input: never, question: Question) => unknown;

/** A function as a target: its result is the output. */
export function functionTarget(work: TargetFunction): Target {
  return {
    async ask(question): Promise<Reply> {
      return plainReply((await work(question.item.input as never, question)) ?? null);
    },
  };
}
