import { Errors, Pinecone } from "@pinecone-database/pinecone";
import { z } from "zod";
import { unitVector } from "../unitVector.ts";
import type { VectorStore } from "../vectorStore.ts";
import { askOrMissing, askRemote } from "./askRemote.ts";
import { filterGroups, inPieces, pointOf, uuidOf } from "./points.ts";

const NAME = "pinecone";

/** A request may have two megabytes: a vector of 2,048 dimensions is some twenty thousand bytes of JSON. */
const POINTS_PER_REQUEST = 50;

/** Its errors are classes, one per status; others mean that there was no intelligible answer. */
const STATUSES = [
  [Errors.PineconeBadRequestError, 400],
  [Errors.PineconeArgumentError, 400],
  [Errors.PineconeAuthorizationError, 401],
  [Errors.PineconeNotFoundError, 404],
  [Errors.PineconeUnprocessableEntityError, 422],
  [Errors.PineconeInternalServerError, 500],
  [Errors.PineconeUnavailableError, 503],
] as const;
const statusOf = (error: unknown): number | undefined => STATUSES.find(([kind]) => error instanceof kind)?.[1];

const Found = z.object({ score: z.number(), metadata: z.object({ record: z.string() }) });

/**
 * Pinecone: a namespace of an existing index, at the address (host) shown in its console. Pinecone is eventually
 * consistent: writes are found some seconds later. It can copy only whole indexes, so there is no snapshot of a namespace.
 */
export function openPineconeVectorStore({ url, key }: { url: string; key: string }): VectorStore {
  const index = new Pinecone({ apiKey: key }).index({ host: url });
  const metadataFilter = (groups: readonly (readonly string[])[]): object => ({
    $and: groups.map((group) => ({ attributes: { $in: group } })),
  });

  return {
    name: NAME,
    isShared: true,
    upsert: (namespace, records) =>
      askRemote(NAME, statusOf, async () => {
        const points = records.map(pointOf);
        for (const piece of inPieces(points, POINTS_PER_REQUEST))
          await index.upsert({
            namespace,
            records: piece.map(({ uuid, vector, record, attributes }) => ({ id: uuid, values: vector, metadata: { record, attributes } })),
          });
      }),
    search: (namespace, { vector, limit, filter }) =>
      askOrMissing(NAME, statusOf, [], async () => {
        const groups = filterGroups(filter);
        const { matches } = await index.query({
          ...{ namespace, vector: Array.from(unitVector(vector)), topK: limit, includeMetadata: true },
          ...(groups.length === 0 ? {} : { filter: metadataFilter(groups) }),
        });
        return z
          .array(Found)
          .parse(matches)
          .map(({ score, metadata }) => ({ id: metadata.record, score }));
      }),
    delete: (namespace, ids) =>
      askOrMissing(NAME, statusOf, undefined, async () => {
        if (ids === "all") await index.deleteAll({ namespace });
        else for (const piece of inPieces(ids, POINTS_PER_REQUEST)) await index.deleteMany({ namespace, ids: piece.map(uuidOf) });
      }),
    snapshot: async () => null,
    async [Symbol.asyncDispose]() {},
  };
}
