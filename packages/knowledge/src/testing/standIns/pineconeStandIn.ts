import { type Answered, type KeptPoint, nearestPoints, openStandIn, type StandIn } from "./standIn.ts";

const DIMENSIONS = 8;

const failed = (status: number, message: string): Answered => ({ status, body: { code: 3, message, details: [] } });

/**
 * A stand-in for a Pinecone index with eight dimensions, limited to what we use, written by hand after
 * its data plane reference (docs.pinecone.io); unlike the original, it finds at once what was written.
 */
export function openPineconeStandIn(): Promise<StandIn> {
  const namespaces = new Map<string, Map<string, KeptPoint>>();
  return openStandIn(
    ({ headers }) => headers["api-key"]?.toString(),
    ({ method, path, body }) => {
      const points = namespaces.get(body?.namespace) ?? new Map<string, KeptPoint>();
      const isWrong = (vector: number[]): boolean => vector.length !== DIMENSIONS;
      switch (`${method} ${path}`) {
        case "POST /vectors/upsert":
          if (body.vectors.some(({ values }: { values: number[] }) => isWrong(values)))
            return failed(400, "Vector dimension does not match");
          for (const { id, values, metadata } of body.vectors) points.set(id, { id, vector: values, properties: metadata });
          namespaces.set(body.namespace, points);
          return { status: 200, body: { upsertedCount: body.vectors.length } };
        case "POST /query": {
          if (isWrong(body.vector)) return failed(400, "Vector dimension does not match");
          const groups = (body.filter?.$and ?? []).map(({ attributes }: { attributes: { $in: string[] } }) => attributes.$in);
          const found = nearestPoints(points.values(), body.vector, body.topK, groups);
          const matches = found.map(({ point, score }) => ({ id: point.id, score, values: [], metadata: point.properties }));
          return { status: 200, body: { matches, namespace: body.namespace, usage: { readUnits: 1 } } };
        }
        case "POST /vectors/delete":
          if (!namespaces.has(body.namespace)) return failed(404, "Namespace not found");
          if (body.deleteAll) namespaces.delete(body.namespace);
          else for (const id of body.ids) points.delete(id);
          return { status: 200, body: {} };
        default:
          return failed(404, `${method} ${path} is not known here`);
      }
    },
  );
}
