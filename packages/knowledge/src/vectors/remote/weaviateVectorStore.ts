import { AppError } from "@signalbox/model";
import { weaviateV2 } from "weaviate-client";
import { z } from "zod";
import { unitVector } from "../unitVector.ts";
import type { VectorStore } from "../vectorStore.ts";
import { askOrMissing, askRemote } from "./askRemote.ts";
import { filterGroups, inPieces, type Point, pointOf, uuidOf } from "./points.ts";

const NAME = "weaviate";
const POINTS_PER_REQUEST = 200;

/**
 * The part of the client's errors that has the status; the error for an
 * unknown key has none, and a refused query is answered with 200 and `errors`.
 */
const WithCode = z.object({ code: z.number() });
const WithResponse = z.object({ response: z.object({ status: z.number() }) });
function statusOf(error: unknown): number | undefined {
  if (error instanceof Error && error.name === "WeaviateUnauthenticatedError") return 401;
  const status = WithCode.safeParse(error).data?.code ?? WithResponse.safeParse(error).data?.response.status;
  return status === 200 ? REFUSED : status;
}
const REFUSED = 422;

const Found = z.object({ record: z.string(), _additional: z.object({ distance: z.number() }) });
const Written = z.object({
  result: z.object({ errors: z.object({ error: z.array(z.object({ message: z.string() })) }).nullish() }).nullish(),
});

/**
 * A class's name consists of letters, digits and underscores, with a
 * capital first; any other character of a namespace is written as its code.
 */
const classOf = (prefix: string, namespace: string): string =>
  `${prefix}${namespace.replace(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)}`;

/**
 * Weaviate: a class for each namespace, over REST and GraphQL (the part of the official client that
 * needs no second port). Its backups need a module on the server, so there is no snapshot here.
 */
export function openWeaviateVectorStore({ url, key, prefix }: { url: string; key: string | undefined; prefix: string }): VectorStore {
  const { protocol, host, pathname } = new URL(url);
  const client = weaviateV2.client({
    scheme: protocol.slice(0, -1),
    host: `${host}${pathname === "/" ? "" : pathname}`,
    ...(key === undefined ? {} : { apiKey: new weaviateV2.ApiKey(key) }),
  });

  const ensureClass = async (name: string): Promise<void> => {
    if (await client.schema.exists(name)) return;
    const text = { indexFilterable: true, indexSearchable: false, tokenization: "field" } as const;
    await client.schema
      .classCreator()
      .withClass({
        class: name,
        vectorizer: "none",
        vectorIndexConfig: { distance: "cosine" },
        properties: [
          { name: "record", dataType: ["text"], ...text },
          { name: "attributes", dataType: ["text[]"], ...text },
        ],
      })
      .do()
      .catch(async (error: unknown) => {
        // Another process was faster.
        if (!(await client.schema.exists(name))) throw error;
      });
  };
  const write = async (name: string, points: readonly Point[]): Promise<void> => {
    const objects = points.map(({ uuid, vector, record, attributes }) => ({
      class: name,
      id: uuid,
      vector,
      properties: { record, attributes },
    }));
    const answer = z.array(Written).parse(
      await client.batch
        .objectsBatcher()
        .withObjects(...objects)
        .do(),
    );
    const refusal = answer.flatMap(({ result }) => result?.errors?.error ?? [])[0];
    if (refusal !== undefined) throw new AppError("invalid_input", `${NAME} refuses a record: ${refusal.message}`);
  };
  const nearest = (name: string, vector: Float32Array, limit: number, groups: readonly string[][]) => {
    const operands = groups.map((group) => ({ path: ["attributes"], operator: "ContainsAny" as const, valueTextArray: group }));
    const getter = client.graphql
      .get()
      .withClassName(name)
      .withFields("record _additional { distance }")
      .withNearVector({ vector: Array.from(unitVector(vector)) })
      .withLimit(limit);
    return (operands.length === 0 ? getter : getter.withWhere({ operator: "And", operands })).do();
  };

  return {
    name: NAME,
    isShared: true,
    upsert: (namespace, records) =>
      askRemote(NAME, statusOf, async () => {
        const name = classOf(prefix, namespace);
        const points = records.map(pointOf);
        if (points.length > 0) await ensureClass(name);
        for (const piece of inPieces(points, POINTS_PER_REQUEST)) await write(name, piece);
      }),
    search: (namespace, { vector, limit, filter }) =>
      askRemote(NAME, statusOf, async () => {
        const name = classOf(prefix, namespace);
        const { data } = await nearest(name, vector, limit, filterGroups(filter)).catch(async (error: unknown) => {
          // A missing class is refused like any other mistake.
          if (statusOf(error) !== REFUSED || (await client.schema.exists(name))) throw error;
          return { data: { Get: { [name]: [] } } };
        });
        return z
          .array(Found)
          .parse(data.Get[name])
          .map(({ record, _additional: { distance } }) => ({ id: record, score: 1 - distance }));
      }),
    delete: (namespace, ids) =>
      askOrMissing(NAME, statusOf, undefined, async () => {
        const name = classOf(prefix, namespace);
        if (!(await client.schema.exists(name))) return;
        if (ids === "all") return client.schema.classDeleter().withClassName(name).do();
        for (const piece of inPieces(ids, POINTS_PER_REQUEST))
          await client.batch
            .objectsBatchDeleter()
            .withClassName(name)
            .withWhere({ path: ["id"], operator: "ContainsAny", valueTextArray: piece.map(uuidOf) })
            .do();
      }),
    snapshot: async () => null,
    async [Symbol.asyncDispose]() {},
  };
}
