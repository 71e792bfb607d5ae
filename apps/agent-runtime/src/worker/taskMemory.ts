import type { Memories, MemoryService, Stage } from "@signalbox/model";

/** How many passages of a project's documents go into a plan. */
const PASSAGES_MAX = 3;

/** How much of a message is used as the search query, in characters from its start. */
const QUERY_CHARACTERS_MAX = 10_000;

type Turn = Parameters<MemoryService["remember"]>[0];
type RememberOutput = Extract<Stage, { kind: "remember" }>["output"];

/** The memories for a task: the latest turns of its session, if it has one, and passages of its project's documents about its message. */
export async function recallFor(
  memory: MemoryService,
  { project, session, message }: { project: string; session: string | null; message: string },
): Promise<Memories> {
  const query = message.slice(0, QUERY_CHARACTERS_MAX);
  const nothing = { passages: [], shortfall: null };
  const [{ turns, outage }, { passages, shortfall }] = await Promise.all([
    session === null ? { turns: [], outage: undefined } : memory.recall({ project, session }),
    query.trim() === "" ? nothing : memory.search({ project, query, limit: PASSAGES_MAX }),
  ]);
  const outages = new Set([outage, shortfall].filter((sentence) => sentence !== undefined && sentence !== null));
  return { turns, ...(passages.length === 0 ? {} : { passages }), ...(outages.size === 0 ? {} : { outage: [...outages].join(" ") }) };
}

/** Remembers turns and returns how many. Once memory is away the rest is not tried, because turns have an order. */
export async function rememberAll(memory: MemoryService, turns: readonly Turn[]): Promise<RememberOutput> {
  let outage: string | undefined;
  for (const [index, turn] of turns.entries()) {
    const remembered = await memory.remember(turn);
    outage = remembered.outage ?? outage;
    if (!remembered.isRemembered) return { turns: index, ...(outage === undefined ? {} : { outage }) };
  }
  return { turns: turns.length, ...(outage === undefined ? {} : { outage }) };
}
