import { Balancer, parseEndpoints } from "@signalbox/balancer";
import { createProject, putKnowledge, removeKnowledge } from "@signalbox/db/prisma";
import { openEmbedder } from "@signalbox/knowledge";
import { MEMORY_CONTRACT, openListener, remoteService, serveService, serviceMetrics } from "@signalbox/listener";
import { KnowledgeQuery, type MemoryService } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aMemory, openStage } from "../../testing/stage.ts";
import { until } from "../../testing/testRuntime.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

async function load(project: string, id: string, text: string): Promise<void> {
  const embedder = openEmbedder(undefined);
  const [vector = new Float32Array()] = await embedder.embed([text]);
  const documents = [{ document: { id, title: "", text, attributes: {} }, digest: `${id}:${text}`, chunks: [{ text, vector }] }];
  await putKnowledge(stage.prisma, { project, embedder: embedder.name, documents, now: new Date() });
}

const documentsIn = async (memory: MemoryService, project: string, query: string): Promise<string[]> =>
  (await memory.search(KnowledgeQuery.parse({ project, query }))).passages.map(({ document }) => document);

async function aProject(name: string): Promise<string> {
  await createProject(stage.prisma, { name, organisation: "acme", environments: ["production"] }, new Date());
  return name;
}

test("documents are found soon after they are loaded, and no longer once they are deleted", async () => {
  const project = await aProject("soon");
  const memory = aMemory(stage.prisma);
  expect(await documentsIn(memory, project, "refund")).toEqual([]);
  await load(project, "refunds", "A refund arrives within five working days.");
  await until("the document", async () => (await documentsIn(memory, project, "refund")).includes("refunds"));
  await removeKnowledge(stage.prisma, project, ["refunds"]);
  await until("its end", async () => (await documentsIn(memory, project, "refund")).length === 0);
});

test("memory behind HTTP answers like memory in this process", async () => {
  const project = await aProject("far");
  await load(project, "cards", "A lost card is blocked in the app.");
  const near = aMemory(stage.prisma);
  await using closing = new AsyncDisposableStack();
  const listener = await openListener({
    ...{ port: 0, bodyMaxBytes: 1_000_000, log: pino({ level: "silent" }), metrics: new Registry(), isReady: async () => true },
    routes: (app) => serveService(app, MEMORY_CONTRACT, near, serviceMetrics(new Registry())),
  });
  closing.defer(listener.close);
  const balancer = await Balancer.open({ service: "memory", sources: parseEndpoints(listener.url), log: pino({ level: "silent" }) });
  closing.defer(() => balancer.close());
  const far = remoteService((call) => balancer.send(call), MEMORY_CONTRACT);

  const session = { project, session: "s" };
  expect(await far.remember({ ...session, turnId: "t", role: "user", content: "hello" })).toEqual({ isRemembered: true });
  expect(await far.recall(session)).toEqual({ turns: [{ role: "user", content: "hello" }] });
  const query = KnowledgeQuery.parse({ project, query: "my card is lost" });
  expect(await far.search(query)).toEqual(await near.search(query));
  expect((await far.search(query)).passages.map(({ document }) => document)).toEqual(["cards"]);
  await expect(far.search({ ...query, limit: 0 })).rejects.toThrow(expect.objectContaining({ code: "invalid_input" }));
});
