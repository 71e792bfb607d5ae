import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import {
  createApiKey,
  createProject,
  dropDraft,
  followTask,
  keepDrafts,
  listDecisions,
  listenForProgress,
  listSteps,
  type PrismaClient,
} from "@signalbox/db/prisma";
import { NewApiKey, NewProject, newId, TaskEvent, verifyChain } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../../queue/bullTaskQueue.ts";
import type { TaskQueue } from "../../queue/taskQueue.ts";
import { aGateway, anAdmittedTask, aRunner, openStage, type Stage } from "../../testing/stage.ts";
import { until } from "../../testing/testRuntime.ts";
import { runTask } from "../../worker/runTask.ts";
import { type GatewayParts, openGateway } from "../gateway.ts";

let stage: Stage;
let queue: TaskQueue;

beforeAll(async () => {
  stage = await openStage();
  queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, pino({ level: "silent" }));
});
afterAll(async () => {
  await queue.close();
  await stage[Symbol.asyncDispose]();
});

async function aGate(parts: Partial<GatewayParts> = {}) {
  const gateway = await openGateway(aGateway(stage, queue, parts));
  return { ...gateway, [Symbol.asyncDispose]: gateway.close };
}

/** An event with the id that the stream gave it. */
type Told = { id: string; event: TaskEvent };

function toldOf(text: string): Told[] {
  return text.split("\n\n").flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
    const [id, kind, data] = [field("id"), field("event"), field("data")];
    return id === undefined || data === undefined ? [] : [{ id, event: TaskEvent.parse({ kind, data: JSON.parse(data) }) }];
  });
}

/** A reader of a task's event stream: `told` holds the events so far; `ended` resolves at its end. */
async function follow(url: string, id: string, headers: Record<string, string> = {}) {
  const leaving = new AbortController();
  const answer = await fetch(`${url}/v1/tasks/${id}/events`, { headers, signal: leaving.signal });
  const stream = { status: answer.status, headers: answer.headers, text: "", hasEnded: false };
  const reading = (async () => {
    for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) stream.text += chunk;
  })();
  const ended = reading.then(
    () => {
      stream.hasEnded = true;
    },
    () => undefined,
  );
  return {
    ...stream,
    told: () => toldOf(stream.text),
    kinds: () => toldOf(stream.text).map(({ event }) => event.kind),
    hasEnded: () => stream.hasEnded,
    ended,
    leave: async () => {
      leaving.abort();
      await ended;
    },
  };
}

const message = "What do you know of reservation ABCDEF? User mia_li_3668.";

test("a stream reports a task decision by decision and step by step until it ends", async () => {
  await using gateway = await aGate();
  const id = await anAdmittedTask(stage.prisma, { message });
  const stream = await follow(gateway.url, id);
  await until("the first decision", async () => stream.kinds().includes("decision"));
  expect(stream.told().map(({ event }) => event)).toMatchObject([
    { kind: "status", data: { status: "queued", attempts: 0 } },
    { kind: "decision", data: { kind: "routed" } },
  ]);
  await runTask(aRunner(stage.prisma), id);
  await stream.ended;

  const events = stream.told().map(({ event }) => event);
  const decisions = events.flatMap((event) => (event.kind === "decision" ? [event.data] : []));
  expect(decisions).toEqual(await listDecisions(stage.prisma, id));
  expect(verifyChain(decisions)).toEqual({ kind: "whole" });
  expect(events.flatMap((event) => (event.kind === "step" ? [event.data] : []))).toEqual(await listSteps(stage.prisma, id));
  expect(events.at(-1)).toMatchObject({ kind: "end", data: { id } });
  expect(events.filter(({ kind }) => kind === "end")).toHaveLength(1);
  expect([stream.hasEnded(), stream.headers.get("content-type")]).toEqual([true, "text/event-stream"]);
});

test("a reader that reconnects resumes where the stream broke, wherever that was", async () => {
  await using gateway = await aGate();
  const id = await anAdmittedTask(stage.prisma, { message });
  await runTask(aRunner(stage.prisma), id);
  const whole = await follow(gateway.url, id);
  await whole.ended;
  const told = whole.told();
  for (const [index, { id: lastId }] of told.slice(0, -1).entries()) {
    const rest = await follow(gateway.url, id, { "last-event-id": lastId });
    await rest.ended;
    expect(rest.told(), lastId).toEqual(told.slice(index + 1));
  }
  const after = await follow(gateway.url, id, { "last-event-id": String(told.at(-1)?.id) });
  expect(after.status).toBe(204);
  expect((await follow(gateway.url, id, { "last-event-id": "elsewhere" })).status).toBe(400);
});

test("a connection ends with its stream", async () => {
  await using gateway = await aGate();
  const id = await anAdmittedTask(stage.prisma, { message });
  await runTask(aRunner(stage.prisma), id);
  const socket = connect(gateway.port, "127.0.0.1");
  socket.write(`GET /v1/tasks/${id}/events HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\n\r\n`);
  let text = "";
  for await (const chunk of socket.setEncoding("utf8").setTimeout(5_000, () => socket.destroy(new Error("still open")))) text += chunk;
  expect(text).toContain("event: end");
});

test("an unknown task, or one of another project, has no events", async () => {
  await using gateway = await aGate();
  await createProject(stage.prisma, NewProject.parse({ name: "shop" }), new Date());
  const wanted = NewApiKey.parse({ project: "shop", name: "key", scopes: ["run"] });
  const { credentials } = await createApiKey(stage.prisma, wanted, new Date());
  const id = await anAdmittedTask(stage.prisma);
  const bearer = { authorization: `Bearer ${credentials.secret}` };
  expect((await follow(gateway.url, newId())).status).toBe(404);
  expect((await follow(gateway.url, id, bearer)).status).toBe(404);
  expect((await follow(gateway.url, id, { authorization: "Bearer sbx_wrong" })).status).toBe(401);
});

const openStreams = async (url: string): Promise<number> =>
  Number(/^signalbox_gateway_streams (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1]);

test("the number of open streams is limited, and a reader that leaves makes room", async () => {
  await using gateway = await aGate({ streamsMax: 2 });
  const id = await anAdmittedTask(stage.prisma);
  const [first, second] = [await follow(gateway.url, id), await follow(gateway.url, id)];
  const refused = await follow(gateway.url, id);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
  await first.leave();
  await until("room", async () => (await openStreams(gateway.url)) === 1);
  const third = await follow(gateway.url, id);
  expect(third.status).toBe(200);
  await Promise.all([second.leave(), third.leave()]);
});

test("one project's streams leave room for another's, and a reader that leaves makes room in its project", async () => {
  await using gateway = await aGate({ streamsMax: 3, projectStreamsMax: 2 });
  const [mine, theirs] = [await anAdmittedTask(stage.prisma), await anAdmittedTask(stage.prisma, { project: "other" })];
  const [first, second] = [await follow(gateway.url, mine), await follow(gateway.url, mine)];
  const refused = await follow(gateway.url, mine);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
  const other = await follow(gateway.url, theirs);
  expect(other.status).toBe(200);
  await first.leave();
  await until("room", async () => (await openStreams(gateway.url)) === 2);
  const third = await follow(gateway.url, mine);
  expect(third.status).toBe(200);
  await Promise.all([second.leave(), third.leave(), other.leave()]);
});

/** A database in which looking up or following a task waits until the test releases it. */
function aSlowStore(act: "findUnique" | "follow") {
  const [asked, goingOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = async ({ args, query }: { args: never; query: (args: never) => Promise<unknown> }) => {
    asked.resolve();
    await goingOn.promise;
    return query(args);
  };
  const prisma = stage.prisma.$extends({
    query: (act === "follow" ? { $executeRaw: slow } : { task: { findUnique: slow } }) as never,
  }) as unknown as PrismaClient;
  return { prisma, asked: asked.promise, goOn: goingOn.resolve };
}

test("of readers that connect at once, as many are admitted as there is room for", async () => {
  const { prisma, asked, goOn } = aSlowStore("follow");
  await using gateway = await aGate({ prisma, streamsMax: 2 });
  const id = await anAdmittedTask(stage.prisma);
  const coming = Array.from({ length: 6 }, () => follow(gateway.url, id));
  await asked;
  await delay(200);
  goOn();
  const streams = await Promise.all(coming);
  expect(streams.filter(({ status }) => status === 200)).toHaveLength(2);
  await Promise.all(streams.map(({ leave }) => leave()));
});

test.each(["findUnique", "follow"] as const)("a reader who hangs up before the stream begins (%s) leaves nothing behind", async (act) => {
  const { prisma, asked, goOn } = aSlowStore(act);
  await using gateway = await aGate({ prisma });
  const id = await anAdmittedTask(stage.prisma);
  const socket = connect(gateway.port, "127.0.0.1");
  // The second request is pipelined: it waits behind the first one's answer.
  const request = `GET /v1/tasks/${id}/events HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\n\r\n`;
  socket.write(request + request);
  await asked;
  socket.destroy();
  await delay(50);
  goOn();
  await delay(200);
  await until("no open stream", async () => (await openStreams(gateway.url)) === 0);
});

test("a closing gateway ends its streams, and their readers resume at another one", async () => {
  const id = await anAdmittedTask(stage.prisma, { message });
  const gateway = await aGate();
  const stream = await follow(gateway.url, id);
  await until("the first decision", async () => stream.kinds().includes("decision"));
  await gateway.close();
  await stream.ended;
  expect([stream.hasEnded(), stream.kinds()]).toEqual([true, ["status", "decision"]]);

  await using other = await aGate();
  const rest = await follow(other.url, id, { "last-event-id": String(stream.told().at(-1)?.id) });
  await runTask(aRunner(stage.prisma), id);
  await rest.ended;
  const decisions = [...stream.told(), ...rest.told()].flatMap(({ event }) => (event.kind === "decision" ? [event.data] : []));
  expect(decisions).toEqual(await listDecisions(stage.prisma, id));
});

test("a reader that stalls delays nobody else and misses nothing", async () => {
  await using gateway = await aGate();
  const turns = Array.from({ length: 60 }, (_, index) => ({
    role: "assistant" as const,
    content: `${index} ${"x".repeat(99_000)}`,
    toolCall: null,
  })).flatMap((turn) => [turn, { role: "user" as const, content: "And?" }]);
  const planner = { kind: "recorded" as const, model: "m", provider: "p", system: "", turns };
  const id = await anAdmittedTask(stage.prisma, { planner });
  await runTask(aRunner(stage.prisma), id);
  const steps = await listSteps(stage.prisma, id);
  expect(steps.length).toBeGreaterThan(50);

  const socket = connect(gateway.port, "127.0.0.1");
  socket.write(`GET /v1/tasks/${id}/events HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nConnection: close\r\n\r\n`);
  socket.pause();
  await until("the stream", async () => (await openStreams(gateway.url)) === 1);
  const fast = await follow(gateway.url, id);
  await fast.ended;
  expect(fast.kinds().at(-1)).toBe("end");
  await until("the end of the fast stream alone", async () => (await openStreams(gateway.url)) === 1);

  let text = "";
  for await (const chunk of socket.setEncoding("utf8")) text += chunk;
  // Chunk boundaries may fall anywhere in the text: the test checks that every step was begun, in order.
  const ids = [...text.matchAll(/event: step/g)];
  expect(ids).toHaveLength(steps.length);
  expect(text).toContain("event: end");
});

test("only tasks that are followed now send notifications", async () => {
  const told: (string | null)[] = [];
  const listening = listenForProgress(stage.stores.databaseUrl, (taskId) => told.push(taskId));
  await until("the connection", async () => told.length === 1);
  const [alone, left, followed] = [
    await anAdmittedTask(stage.prisma, { message }),
    await anAdmittedTask(stage.prisma, { message }),
    await anAdmittedTask(stage.prisma, { message }),
  ];
  await followTask(stage.prisma, followed, 60_000);
  await followTask(stage.prisma, left, 0);
  for (const id of [alone, left, followed]) await runTask(aRunner(stage.prisma), id);
  await until("the news", async () => told.includes(followed));
  await listening.close();
  expect(new Set(told)).toEqual(new Set([null, followed]));
});

test("a model's draft streams as it grows, is sent whole to late readers, and ends once its step is recorded", async () => {
  await using gateway = await aGate();
  const id = await anAdmittedTask(stage.prisma, { message });
  const [answer, other, step] = [newId(), newId(), 1];
  const write = (text: string, by = answer) => keepDrafts(stage.prisma, [{ taskId: id, step, answer: by, text }], new Date());
  const running = { where: { id }, data: { status: "running" } };
  await stage.prisma.task.update(running);
  expect(await write("nobody is there")).toEqual([false]);

  const early = await follow(gateway.url, id);
  const draftsOf = ({ told }: typeof early) => told().flatMap(({ event }) => (event.kind === "draft" ? [event.data] : []));
  await until("the stream", async () => early.kinds().includes("status"));
  expect(await write("The flight 🛫")).toEqual([true]);
  await until("its beginning", async () => draftsOf(early).length === 1);
  await write("The flight 🛫 is late.");
  await until("its end", async () => draftsOf(early).length === 2);
  const late = await follow(gateway.url, id);
  await until("all of it", async () => draftsOf(late).length === 1);
  await write("No.", other);
  await until("another answer", async () => draftsOf(early).length === 3);
  expect(draftsOf(early)).toEqual([
    { step, isStart: true, text: "The flight 🛫" },
    { step, isStart: false, text: " is late." },
    { step, isStart: true, text: "No." },
  ]);
  expect(draftsOf(late)[0]).toEqual({ step, isStart: true, text: "The flight 🛫 is late." });

  await stage.prisma.task.update({ where: { id }, data: { status: "queued" } });
  await runTask(aRunner(stage.prisma), id);
  await Promise.all([early.ended, late.ended]);
  const afterwards = await follow(gateway.url, id);
  await afterwards.ended;
  expect([draftsOf(afterwards), afterwards.kinds().at(-1)]).toEqual([[], "end"]);
});

test("a draft that turns out to be no answer is withdrawn from every reader that saw it", async () => {
  await using gateway = await aGate();
  const id = await anAdmittedTask(stage.prisma, { message });
  await stage.prisma.task.update({ where: { id }, data: { status: "running" } });
  const stream = await follow(gateway.url, id);
  const drafts = () => stream.told().flatMap(({ event }) => (event.kind === "draft" ? [event.data] : []));
  const draft = { taskId: id, step: 1, answer: newId() };
  await until("the stream", async () => stream.kinds().includes("status"));
  await keepDrafts(stage.prisma, [{ ...draft, text: "Held back" }], new Date());
  await until("its beginning", async () => drafts().length === 1);
  await dropDraft(stage.prisma, draft);
  await until("its end", async () => drafts().length === 2);
  expect(drafts().at(-1)).toEqual({ step: 1, isStart: true, text: "" });
  await stream.leave();
});
