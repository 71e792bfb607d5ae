import { recordEndpoint, replayEndpoint } from "./cassettes/cassetteEndpoint.ts";
import type { ChatEndpoint } from "./chatEndpoint.ts";
import { type EndpointSettings, openAiEndpoint } from "./openAiEndpoint.ts";

/** Where models are asked, and whether that is recorded. A replay knows no address and no key. */
export type ChatSettings =
  | { mode: "live"; endpoint: EndpointSettings }
  | { mode: "record"; endpoint: EndpointSettings; folder: string }
  | { mode: "replay"; provider: string; folder: string };

/** Opens the endpoint that the settings ask for. A replay never builds a client. */
export function openChatEndpoint(settings: ChatSettings, leaving: AbortSignal): ChatEndpoint {
  if (settings.mode === "replay") return replayEndpoint(settings.folder, settings.provider);
  const live = openAiEndpoint(settings.endpoint, leaving);
  return settings.mode === "record" ? recordEndpoint(settings.folder, live) : live;
}
