import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { openPineconeStandIn } from "../../testing/standIns/pineconeStandIn.ts";
import { openQdrantStandIn } from "../../testing/standIns/qdrantStandIn.ts";
import { STAND_IN_KEY, type StandIn } from "../../testing/standIns/standIn.ts";
import { openWeaviateStandIn } from "../../testing/standIns/weaviateStandIn.ts";
import { vectorStoreContract } from "../../testing/vectorStoreContract.ts";
import { openVectorStore, type VectorStoreSettings } from "../openVectorStore.ts";
import type { VectorStore } from "../vectorStore.ts";

type RemoteKind = Exclude<VectorStoreSettings["kind"], "embedded">;

const STAND_INS: Record<RemoteKind, () => Promise<StandIn>> = {
  qdrant: openQdrantStandIn,
  weaviate: openWeaviateStandIn,
  pinecone: openPineconeStandIn,
};
const KINDS = ["qdrant", "weaviate", "pinecone"] as const;

const open = (kind: RemoteKind, url: string, key: string = STAND_IN_KEY): Promise<VectorStore> =>
  openVectorStore({ kind, url, key, prefix: "Test_" });

/** A store whose stand-in ends with it. */
async function openWithStandIn(kind: RemoteKind): Promise<VectorStore> {
  const standIn = await STAND_INS[kind]();
  const store = await open(kind, standIn.url);
  return { ...store, [Symbol.asyncDispose]: standIn[Symbol.asyncDispose] };
}

/** The address of a live store: its URL, and its key if it has one. Pinecone's index has eight dimensions. */
function liveAt(kind: RemoteKind): { url: string; key: string } | undefined {
  const url = process.env[`SIGNALBOX_TEST_${kind.toUpperCase()}_URL`];
  return url === undefined ? undefined : { url, key: process.env[`SIGNALBOX_TEST_${kind.toUpperCase()}_KEY`] ?? "none" };
}

describe.each(KINDS)("%s, as its documentation says", (kind) => {
  vectorStoreContract(
    () => openWithStandIn(kind),
    () => `of ${randomUUID()}`,
  );

  test("a key that is refused is told as such", async () => {
    await using standIn = await STAND_INS[kind]();
    await using store = await open(kind, standIn.url, "another");
    await expect(store.search("n", { vector: Float32Array.of(1, 0), limit: 1 })).rejects.toThrow(
      expect.objectContaining({ code: "infrastructure", message: expect.stringContaining("refuses the key") }),
    );
  });

  test("a store that is away is told as such, and another try may help", async () => {
    await using store = await open(kind, `http://127.0.0.1:${await freePort()}`);
    const vector = Float32Array.of(1, 0);
    const works = [
      () => store.search("n", { vector, limit: 1 }),
      () => store.upsert("n", [{ id: "a", vector, attributes: {} }]),
      () => store.delete("n", ["a"]),
    ];
    for (const work of works)
      await expect(work()).rejects.toThrow(
        expect.objectContaining({ code: "upstream_unavailable", message: expect.stringContaining(kind) }),
      );
  });
});

describe.each(KINDS)("%s, live", (kind) => {
  const live = liveAt(kind);
  describe.skipIf(live === undefined)(`SIGNALBOX_TEST_${kind.toUpperCase()}_URL`, () => {
    vectorStoreContract(
      () => open(kind, live?.url ?? "", live?.key),
      () => `test-${randomUUID()}`,
    );
  });
});

test("Qdrant keeps snapshots by namespace, and has none of one that is not there", async () => {
  await using store = await openWithStandIn("qdrant");
  await store.upsert("shop", [{ id: "a", vector: Float32Array.of(1, 0), attributes: {} }]);
  expect(await store.snapshot("shop")).toBe("Test_shop-1.snapshot");
  expect(await store.snapshot("nothing")).toBeNull();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
