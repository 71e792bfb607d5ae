import * as traceloop from "@traceloop/node-server-sdk";
import OpenAI from "openai";
import { COLLECTOR_URL, MODEL_URL, TOKEN } from "./settings.ts";
import { QUESTION, weatherTalk } from "./weatherTalk.ts";

/** Traceloop's types refer to the CommonJS build of OpenAI's client, which is equivalent at run time. */
type InstrumentedOpenAI = NonNullable<NonNullable<traceloop.InitializeOptions["instrumentModules"]>["openAI"]>;

// Traceloop's SDK (OpenLLMetry): a workflow with an agent and a tool, and its instrumentation of OpenAI's client.
traceloop.initialize({
  baseUrl: COLLECTOR_URL,
  apiKey: TOKEN,
  appName: "shop",
  disableBatch: true,
  instrumentModules: { openAI: OpenAI as unknown as InstrumentedOpenAI },
  silenceInitializationMessage: true,
  traceloopSyncEnabled: false,
});
const openai = new OpenAI({ apiKey: "none", baseURL: MODEL_URL });
const weather = (city: string) => traceloop.withTool({ name: "weather" }, async (_asked: string) => "sunny", city);
const clerk = () => traceloop.withAgent({ name: "clerk" }, async (_question: string) => weatherTalk(openai, weather), QUESTION);

await traceloop.withAssociationProperties({ session_id: "s1", user_id: "u1" }, () => traceloop.withWorkflow({ name: "trip" }, clerk));
await traceloop.forceFlush();
