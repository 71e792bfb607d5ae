import { recordEndpoint, replayEndpoint } from "./cassettes/cassetteEndpoint.ts";
import type { ChatEndpoint } from "./chatEndpoint.ts";
import type { EndpointSettings } from "./openAiEndpoint.ts";

/** Where models are called, and whether exchanges are recorded. A replay has no address and no key. */
export type ChatSettings =
  | { mode: "live"; endpoint: EndpointSettings }
  | { mode: "record"; endpoint: EndpointSettings; folder: string }
  | { mode: "replay"; provider: string; folder: string };

/** Opens the endpoint that the settings ask for. The client library is loaded only where it is used: a replay never loads it. */
export async function openChatEndpoint(settings: ChatSettings, leaving: AbortSignal): Promise<ChatEndpoint> {
  if (settings.mode === "replay") return replayEndpoint(settings.folder, settings.provider);
  const { openAiEndpoint } = await import("./openAiEndpoint.ts");
  const live = openAiEndpoint(settings.endpoint, leaving);
  return settings.mode === "record" ? recordEndpoint(settings.folder, live) : live;
}
