import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ChatEndpoint, type ChatRequest, requestHash } from "../chatEndpoint.ts";
import { openChatEndpoint } from "../openChatEndpoint.ts";
import { recordEndpoint, replayEndpoint } from "./cassetteEndpoint.ts";

function aFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "signalbox-cassettes-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function aModel() {
  const asked: ChatRequest[] = [];
  const endpoint: ChatEndpoint = {
    provider: "stub",
    async complete(request) {
      asked.push(request);
      const answer = { model: "m-1", content: `Answer ${asked.length}.`, toolCalls: [], finishReason: "stop", usage: null };
      return { answer, isReplayed: false };
    },
  };
  return { asked, endpoint };
}

function asking(content: string): ChatRequest {
  return {
    model: "m",
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content },
    ],
    temperature: 0,
  };
}

test("a recorded answer is played without the model", async () => {
  using folder = aFolder();
  const { asked, endpoint } = aModel();
  const live = await recordEndpoint(folder.path, endpoint).complete(asking("Hello"));
  const replay = replayEndpoint(folder.path, "stub");
  expect(await replay.complete(asking("Hello"))).toEqual({ answer: live.answer, isReplayed: true });
  expect(asked).toHaveLength(1);
});

test("recording an exchange a second time does not call the model", async () => {
  using folder = aFolder();
  const { asked, endpoint } = aModel();
  const recorder = recordEndpoint(folder.path, endpoint);
  await recorder.complete(asking("Hello"));
  expect((await recorder.complete(asking("Hello"))).answer.content).toBe("Answer 1.");
  expect(asked).toHaveLength(1);
});

test("a request is the same whatever the order of its keys, and a different one with any other setting", () => {
  const request = asking("Hello");
  const { temperature, messages, model } = request;
  expect(requestHash({ temperature: temperature ?? 0, messages, model })).toBe(requestHash(request));
  expect(requestHash({ ...request, temperature: 1 })).not.toBe(requestHash(request));
  expect(requestHash({ ...request, model: "n" })).not.toBe(requestHash(request));
});

test("a request that nobody recorded fails, and says which recording is nearest and where it differs", async () => {
  using folder = aFolder();
  const recorder = recordEndpoint(folder.path, aModel().endpoint);
  const far: ChatRequest = { model: "another", messages: [{ role: "user", content: "Something else" }] };
  for (const request of [far, asking("Where is my bag?")]) await recorder.complete(request);
  const nearest = requestHash(asking("Where is my bag?")).slice(0, 12);
  await expect(replayEndpoint(folder.path, "stub").complete(asking("Where is my cat?"))).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining(`nearest is ${nearest}, where messages[1].content is "Where is my cat?" and was "Where is my bag?"`),
  });
});

test("many differences are counted, and long texts are shown from where they differ", async () => {
  using folder = aFolder();
  await recordEndpoint(folder.path, aModel().endpoint).complete(asking(`${"same ".repeat(100)}tail`));
  const messages = [...asking(`${"same ".repeat(100)}head`).messages, ...asking("a").messages, ...asking("b").messages];
  const failure = await replayEndpoint(folder.path, "stub")
    .complete({ model: "n", messages })
    .catch(({ message }) => message);
  expect(failure).toContain('is "same same same same head" and was "same same same same tail"');
  expect(failure).toMatch(/model is "n" and was "m"; .*; and \d more\.$/);
});

test("a miss without any recordings says that there are none", async () => {
  using folder = aFolder();
  const replay = replayEndpoint(join(folder.path, "nowhere"), "stub");
  await expect(replay.complete(asking("Hello"))).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("no cassettes"),
  });
});

test("a cassette whose request was edited, or that is not JSON, is refused", async () => {
  using folder = aFolder();
  await recordEndpoint(folder.path, aModel().endpoint).complete(asking("Hello"));
  const [file = ""] = readdirSync(folder.path);
  const path = join(folder.path, file);
  writeFileSync(path, readFileSync(path, "utf8").replace("Hello", "Help"));
  await expect(replayEndpoint(folder.path, "stub").complete(asking("Hello"))).rejects.toMatchObject({ code: "invalid_input" });
  writeFileSync(path, "{");
  await expect(replayEndpoint(folder.path, "stub").complete(asking("Hello"))).rejects.toMatchObject({ code: "invalid_input" });
});

test("a replay is opened without an address and without a key", async () => {
  using folder = aFolder();
  await recordEndpoint(folder.path, aModel().endpoint).complete(asking("Hello"));
  const endpoint = await openChatEndpoint({ mode: "replay", provider: "stub", folder: folder.path }, new AbortController().signal);
  expect((await endpoint.complete(asking("Hello"))).isReplayed).toBe(true);
});
