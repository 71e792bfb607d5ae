import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { openStandIn, STAND_IN_KEY } from "../testing/standIns/standIn.ts";
import { embeddingsSettings, openEmbedder } from "./openEmbedder.ts";

const bearer = ({ headers }: IncomingMessage): string | undefined => headers.authorization?.replace("Bearer ", "");
const noWeights = (): number => 1;

test("without an endpoint, texts that share words or parts of words are near to one another", async () => {
  const embedder = openEmbedder(undefined);
  const [refund, refunded, weather, again] = await embedder.embed([
    "refund of a card",
    "the card was refunded",
    "sunny with showers",
    "refund of a card",
  ]);
  const cosine = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number =>
    a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
  expect(cosine(refund, again)).toBeCloseTo(1, 6);
  expect(cosine(refund, refunded)).toBeGreaterThan(cosine(refund, weather) + 0.2);
});

test("an endpoint is asked as OpenAI's is, some texts at a time, and may answer in any order", async () => {
  await using endpoint = await openStandIn(bearer, ({ body }) => ({
    status: 200,
    body: { data: body.input.map((text: string, index: number) => ({ index, embedding: [text.length, 1] })).reverse() },
  }));
  const embedder = openEmbedder({ url: `${endpoint.url}/v1/`, model: "small", key: STAND_IN_KEY });
  const texts = Array.from({ length: 70 }, (_, at) => "x".repeat(at + 1));
  expect((await embedder.embed(texts)).map(([length]) => length)).toEqual(texts.map(({ length }) => length));
  expect(await embedder.embedQuery("four", noWeights)).toEqual(Float32Array.of(4, 1));
  expect(endpoint.asked.map(({ method, path, body: { model, input } }) => [method, path, model, input.length])).toEqual([
    ["POST", "/v1/embeddings", "small", 64],
    ["POST", "/v1/embeddings", "small", 6],
    ["POST", "/v1/embeddings", "small", 1],
  ]);
});

test.each([
  ["refuses", { status: 401, body: {} }],
  ["answers fewer vectors", { status: 200, body: { data: [] } }],
  ["answers something else", { status: 200, body: "hello" }],
])("an endpoint that %s is named, without its key", async (_what, answer) => {
  await using endpoint = await openStandIn(
    () => STAND_IN_KEY,
    () => answer,
  );
  const embedder = openEmbedder({ url: endpoint.url, model: "small", key: "a-secret" });
  await expect(embedder.embed(["a"])).rejects.toThrow(
    expect.objectContaining({
      code: "upstream_unavailable",
      message: expect.stringMatching(/^The embeddings of 127\.0\.0\.1:\d+ answered/),
    }),
  );
});

test("an endpoint needs a model, and an empty variable counts as unset", () => {
  expect(embeddingsSettings({ SIGNALBOX_EMBEDDINGS_URL: "" })).toBeUndefined();
  expect(() => embeddingsSettings({ SIGNALBOX_EMBEDDINGS_URL: "http://127.0.0.1:1" })).toThrow("SIGNALBOX_EMBEDDINGS_MODEL");
});
