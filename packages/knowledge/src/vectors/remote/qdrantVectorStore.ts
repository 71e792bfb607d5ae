import { QdrantClient } from "@qdrant/js-client-rest";
import { z } from "zod";
import { unitVector } from "../unitVector.ts";
import type { VectorStore } from "../vectorStore.ts";
import { askOrMissing, askRemote } from "./askRemote.ts";
import { filterGroups, inPieces, type Point, pointOf, uuidOf } from "./points.ts";

const NAME = "qdrant";
const POINTS_PER_REQUEST = 200;
const TIMEOUT_MS = 10_000;

/** The part of the client's errors that has the status. */
const WithStatus = z.object({ status: z.number() });
const statusOf = (error: unknown): number | undefined => WithStatus.safeParse(error).data?.status;

const Found = z.object({ score: z.number(), payload: z.object({ record: z.string() }) });

/** Qdrant: a collection for each namespace, named after it with the `prefix`. */
export function openQdrantVectorStore({ url, key, prefix }: { url: string; key: string | undefined; prefix: string }): VectorStore {
  // The client's version check would write to the console.
  const client = new QdrantClient({ url, ...(key === undefined ? {} : { apiKey: key }), timeout: TIMEOUT_MS, checkCompatibility: false });
  const collectionOf = (namespace: string): string => `${prefix}${encodeURIComponent(namespace).replaceAll("%", "~")}`;

  const ensureCollection = async (collection: string, dimensions: number): Promise<void> => {
    if ((await client.collectionExists(collection)).exists) return;
    await client.createCollection(collection, { vectors: { size: dimensions, distance: "Cosine" } }).catch((error: unknown) => {
      // Another process was faster.
      if (statusOf(error) !== 409) throw error;
    });
    await client.createPayloadIndex(collection, { field_name: "attributes", field_schema: "keyword", wait: true });
  };
  const write = (collection: string, points: readonly Point[]) =>
    client.upsert(collection, {
      wait: true,
      points: points.map(({ uuid, vector, record, attributes }) => ({ id: uuid, vector, payload: { record, attributes } })),
    });

  return {
    name: NAME,
    isShared: true,
    upsert: (namespace, records) =>
      askRemote(NAME, statusOf, async () => {
        const [first] = records;
        if (first === undefined) return;
        const points = records.map(pointOf);
        await ensureCollection(collectionOf(namespace), first.vector.length);
        for (const piece of inPieces(points, POINTS_PER_REQUEST)) await write(collectionOf(namespace), piece);
      }),
    search: (namespace, { vector, limit, filter }) =>
      askOrMissing(NAME, statusOf, [], async () => {
        const must = filterGroups(filter).map((group) => ({ key: "attributes", match: { any: group } }));
        const { points } = await client.query(collectionOf(namespace), {
          query: Array.from(unitVector(vector)),
          limit,
          filter: { must },
          with_payload: ["record"],
        });
        return z
          .array(Found)
          .parse(points)
          .map(({ score, payload }) => ({ id: payload.record, score }));
      }),
    delete: (namespace, ids) =>
      askOrMissing(NAME, statusOf, undefined, async () => {
        const collection = collectionOf(namespace);
        if (ids === "all") await client.deleteCollection(collection);
        else
          for (const piece of inPieces(ids, POINTS_PER_REQUEST)) await client.delete(collection, { wait: true, points: piece.map(uuidOf) });
      }),
    snapshot: (namespace) =>
      askOrMissing(NAME, statusOf, null, async () => (await client.createSnapshot(collectionOf(namespace)))?.name ?? null),
    async [Symbol.asyncDispose]() {},
  };
}
