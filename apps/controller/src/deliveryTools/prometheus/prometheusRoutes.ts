import { errorAnswer, parseBody } from "@signalbox/listener";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { DeliveryTools } from "../deliveryTools.ts";
import { type GateSample, gateSeries } from "./gateSeries.ts";
import { type InstantQuery, readInstantQuery } from "./instantQuery.ts";

const MS = 1_000;

/** The longest query, in characters: none of the supported ones is longer. */
const QUERY_CHARACTERS_MAX = 2_000;

/** How far the requested time may be from now, in milliseconds: Prometheus looks back as long for a sample. There is no history here. */
const LOOKBACK_MS = 300_000;

/** The parameters of a query: `time` is seconds since 1970 or RFC 3339. Others (timeout, limit, stats) are ignored. */
const Question = z.object({
  query: z.string().min(1, "is empty").max(QUERY_CHARACTERS_MAX),
  time: z
    .union([z.coerce.number(), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) / MS)])
    .refine((seconds) => Number.isFinite(seconds), "is no time")
    .optional(),
});

/** Prometheus' names for our refusals. */
const ERROR_TYPES: Readonly<Record<number, string>> = { 400: "bad_data", 404: "not_found", 503: "unavailable" };

/**
 * `GET` and `POST /api/v1/query`: Prometheus' instant queries over the numbers of gates, for tools that can only query a Prometheus
 * (Flagger's MetricTemplate, Argo's provider, Grafana). A query without a match returns an empty vector, which Flagger counts as a failed
 * check.
 */
export function prometheusRoutes(app: FastifyInstance, { entrance, rollouts, clock }: DeliveryTools): void {
  app.register(async (scope) => {
    scope.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    scope.setErrorHandler((error, _request, reply) => {
      const { status, headers, body } = errorAnswer(error);
      const { message } = body.error;
      return reply
        .status(status)
        .headers(headers)
        .send({ status: "error", errorType: ERROR_TYPES[status] ?? "execution", error: message });
    });

    const answer = async (request: FastifyRequest) => {
      const { project, isKeyed } = await entrance.grantOf(request);
      const { query, time } = parseBody(Question, request.method === "GET" ? request.query : request.body);
      const asked = readInstantQuery(query);
      const nowMs = clock();
      const seconds = time ?? nowMs / MS;
      const isKnown = Math.abs(seconds * MS - nowMs) <= LOOKBACK_MS;
      const { judged } = asked.kind === "selector" && isKnown ? await rollouts.newestOfEach(isKeyed ? project : null) : { judged: [] };
      return { status: "success", data: dataOf(asked, judged.flatMap(gateSeries), seconds) };
    };
    scope.get("/api/v1/query", answer);
    scope.post("/api/v1/query", answer);
  });
}

function dataOf(asked: InstantQuery, samples: readonly GateSample[], seconds: number) {
  if (asked.kind === "scalar") return { resultType: "scalar", result: [seconds, String(asked.value)] };
  if (asked.kind === "vector") return { resultType: "vector", result: [{ metric: {}, value: [seconds, String(asked.value)] }] };
  const result = samples
    .map(({ name, labels, value }) => ({
      metric: { __name__: name, ...labels } as Record<string, string>,
      value: [seconds, String(value)],
    }))
    .filter(({ metric }) => asked.matchers.every(({ label, matches }) => matches(metric[label] ?? "")));
  return { resultType: "vector", result };
}
