import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { embedByEnvironment } from "../../embeddings/embedByEnvironment.ts";
import { rememberedEmbed } from "../../embeddings/rememberedEmbed.ts";
import { readScorers } from "../scorers.ts";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { cosine } from "./embedding.ts";

const VECTORS: Readonly<Record<string, readonly unknown[]>> = {
  ...{ yes: [1, 0], yep: [0.6, 0.8], no: [-1, 0], null: [0, 0], long: [1, 0, 0], strange: ["one"] },
};

/** An OpenAI-compatible endpoint that knows some texts and refuses others, and a scorer that asks it. */
async function openEndpoint(options: object = {}, refusal = 400, vectors = VECTORS) {
  const asked: { url: string | undefined; key: string | undefined; input: string }[] = [];
  const server = createServer(async (request, response) => {
    const { input } = JSON.parse((await request.toArray()).join(""));
    asked.push({ url: request.url, key: request.headers.authorization, input });
    const vector = vectors[input];
    response.writeHead(vector === undefined ? refusal : 200, { "content-type": "application/json" });
    const refused = { error: { message: "too long for secret-key-1" } };
    response.end(JSON.stringify(vector === undefined ? refused : { data: [{ index: 0, embedding: vector }], model: "e" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const env = {
    SIGNALBOX_JUDGE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    SIGNALBOX_JUDGE_KEY: "secret-key-1",
  };
  const choice = { name: "embedding", options: { model: "e", ...options } };
  const [scorer] = readScorers([choice], undefined, embedByEnvironment(env));
  return {
    asked,
    score: async (output: unknown, expectedOutput: unknown = "yes") => scorer?.score(anItem({ expectedOutput }), anAnswer({ output })),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("the score is the cosine of both texts' vectors, and passes at a line", async () => {
  await using endpoint = await openEndpoint({ passAt: 0.5 });
  expect(await endpoint.score("yep")).toEqual({ value: 0.6, passed: true, explanation: "cosine 0.600" });
  expect(await endpoint.score("no")).toEqual({ value: 0, passed: false, explanation: "cosine -1.000" });
  expect(await endpoint.score("yes")).toMatchObject({ value: 1, passed: true });
  expect(endpoint.asked[0]).toMatchObject({ url: "/v1/embeddings", key: "Bearer secret-key-1" });
});

test("a text is asked about once, however many items have it", async () => {
  await using endpoint = await openEndpoint();
  await Promise.all([endpoint.score("yep"), endpoint.score("yep")]);
  await endpoint.score("yep");
  expect(endpoint.asked.map(({ input }) => input).sort()).toEqual(["yep", "yes"]);
});

test.each<[unknown, string]>([
  ["refused", "answered 400. It says: 400 too long for [key]"],
  ["null", "of 2 and 2 numbers, cannot be compared"],
  ["long", "of 3 and 2 numbers, cannot be compared"],
  ["", "the answer is empty"],
])("the answer %j has no score, and says why", async (output, reason) => {
  await using endpoint = await openEndpoint();
  expect(await endpoint.score(output)).toMatchObject({ isFailure: true, value: 0, passed: false });
  expect((await endpoint.score(output))?.explanation).toContain(reason);
});

test("an endpoint that gives no vector of a text ends the scoring", async () => {
  await using endpoint = await openEndpoint();
  await expect(endpoint.score("strange")).rejects.toMatchObject({
    code: "model_unavailable",
    message: expect.stringContaining("gave no vector of numbers"),
  });
});

test("an endpoint that refuses every text ends the scoring", async () => {
  await using endpoint = await openEndpoint({}, 422, {});
  await expect(endpoint.score("yep")).rejects.toMatchObject({
    code: "model_unavailable",
    message: expect.stringContaining("answered 422"),
  });
});

test("an endpoint that does not accept the key ends the scoring", async () => {
  await using endpoint = await openEndpoint({}, 401);
  await expect(endpoint.score("refused")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("an endpoint that nobody set is told by its variable", () => {
  expect(() => readScorers([{ name: "embedding", options: { model: "e" } }], undefined, embedByEnvironment({}))).toThrow(
    "SIGNALBOX_JUDGE_URL, which is not set to a URL",
  );
});

test("of many texts the vectors asked for last are kept, and what failed is asked again", async () => {
  const asked: string[] = [];
  const embed = rememberedEmbed(async (_, text) => {
    asked.push(text);
    if (text === "bad") throw new Error("no");
    return [1];
  }, 2);
  for (const text of ["a", "b", "a", "c", "a", "b"]) await embed("m", text);
  expect(asked).toEqual(["a", "b", "c", "b"]);
  for (const _ of [1, 2]) await expect(embed("m", "bad")).rejects.toThrow("no");
  expect(asked.slice(4)).toEqual(["bad", "bad"]);
});

test("vectors of one direction are alike, whatever their length", () => {
  expect(cosine([3, 4], [6, 8])).toBeCloseTo(1, 12);
  expect(cosine([1, 1], [1, -1])).toBeCloseTo(0, 12);
});
