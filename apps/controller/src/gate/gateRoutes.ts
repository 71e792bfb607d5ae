import { type ClickHouseClient, countPasses } from "@signalbox/db/clickhouse";
import { judgePassRate } from "@signalbox/evals";
import { parseBody } from "@signalbox/listener";
import type { FastifyInstance } from "fastify";
import { z } from "zod";

/** A gate's question: with this confidence, is the rate at which `score` passes, since `since`, at least `atLeast`? */
const GateQuestion = z.strictObject({
  project: z.string().min(1).max(63).default("default"),
  score: z.string().min(1).max(200).default("reward"),
  since: z.iso.datetime().default("1970-01-01T00:00:00Z"),
  atLeast: z.number().min(0).max(1),
  confidence: z.number().gt(0.5).lt(1).default(0.95),
});

/** `POST /v1/gates/check`: `{ verdict, reason, metrics }` of a fixed-sample test. */
export function gateRoutes(app: FastifyInstance, clickhouse: ClickHouseClient): void {
  app.post("/v1/gates/check", async ({ body }) => {
    const { project, score, since, atLeast, confidence } = parseBody(GateQuestion, body);
    const counts = await countPasses(clickhouse, { project, name: score, since });
    const { kind: verdict, lower, upper } = judgePassRate(counts, { atLeast, confidence });
    const reason = `${counts.passed} of ${counts.total} passed ${score}: a rate from ${lower.toFixed(3)} to ${upper.toFixed(3)}, ${atLeast} is asked for`;
    return { verdict, reason, metrics: [{ name: score, ...counts, lower, upper, atLeast, confidence }] };
  });
}
