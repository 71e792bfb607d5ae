import type { ChatEndpoint } from "../chatEndpoint.ts";
import { findCassette, keepCassette, listCassettes } from "./cassetteFolder.ts";
import { cassetteMiss } from "./cassetteMiss.ts";

/** Plays recorded answers and calls no model. A request that was not recorded throws `not_found`, which names the nearest recording. */
export function replayEndpoint(folder: string, provider: string): ChatEndpoint {
  return {
    provider,
    async complete(request) {
      const cassette = await findCassette(folder, request);
      if (cassette === null) throw cassetteMiss(request, await listCassettes(folder));
      return { answer: cassette.answer, isReplayed: true };
    },
  };
}

/** Records the answers of `live`. An exchange that is recorded already is played, so a second run costs nothing. */
export function recordEndpoint(folder: string, live: ChatEndpoint): ChatEndpoint {
  return {
    provider: live.provider,
    async complete(request, onText, halt) {
      const cassette = await findCassette(folder, request);
      if (cassette !== null) return { answer: cassette.answer, isReplayed: true };
      const completion = await live.complete(request, onText, halt);
      await keepCassette(folder, { v: 1, request, answer: completion.answer });
      return completion;
    },
  };
}
