import type { ChatEndpoint } from "../chatEndpoint.ts";
import { findCassette, keepCassette, listCassettes } from "./cassetteFolder.ts";
import { cassetteMiss } from "./cassetteMiss.ts";

/** Plays recorded answers and asks nobody: a request that was not recorded throws `not_found` and says which recording is nearest. */
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

/** Records what `live` answers. What is on record already is played: recording twice asks and costs once. */
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
