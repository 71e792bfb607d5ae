import { parseBody } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { DeliveryTools } from "../deliveryTools.ts";
import { unknownCandidate, wholeAnswer } from "../gateAnswer.ts";
import { GatePath, ProjectQuery } from "../gateName.ts";
import { type GithubReport, githubReport } from "./githubReport.ts";
import { ProtectionRuleEvent, runOf } from "./protectionRule.ts";
import { rolloutOfCommit } from "./rolloutOfCommit.ts";
import { isSignedBody } from "./webhookSignature.ts";

const Sha = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "is no commit");

/** The query of a report: a commit, and a candidate (default: the one named after the commit). */
const ReportQuestion = z.strictObject({
  ...ProjectQuery,
  candidate: z.string().min(1).max(200).optional(),
  sha: Sha,
  url: z.url().max(2_000).optional(),
});

/** GitHub's webhook headers. `x-github-delivery` identifies the request; a repeated one has the same value. */
const WebhookHeaders = z.object({ "x-github-event": z.string().max(100), "x-github-delivery": z.uuid() });

/**
 * `GET /v1/gates/{gate}/github?sha=&candidate=`: a check run, a commit status and a step summary, which a workflow can post with its own
 * token. `POST /v1/github/webhook`, if a GitHub App is configured: stores each deployment that waits for a gate once; the review loop
 * answers them.
 */
export function githubRoutes(app: FastifyInstance, { entrance, rollouts, github, clock }: DeliveryTools): void {
  app.get("/v1/gates/:gate/github", async (request): Promise<GithubReport> => {
    const grant = await entrance.grantOf(request);
    const { gate } = parseBody(GatePath, request.params);
    const { candidate, sha, url, ...of } = parseBody(ReportQuestion, request.query);
    const place = { project: entrance.projectOf(grant, of.project), gate };
    const judged = await (candidate === undefined ? rolloutOfCommit(rollouts, place, sha) : rollouts.newest(place, candidate));
    if (judged !== null) return githubReport(wholeAnswer(judged), { gate, sha, url });
    if ((await rollouts.newest(place)) === null) throw new AppError("not_found", `There is no gate ${gate} in project ${place.project}.`);
    const asked = candidate ?? sha;
    return githubReport(unknownCandidate(asked, "", `No rollout of ${gate} has the candidate ${asked}.`), { gate, sha, url });
  });

  if (github === null) return;
  const { config, reviews } = github;
  app.register(async (scope) => {
    // The signature covers the bytes exactly as they arrived.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/v1/github/webhook", async ({ headers, body }, reply) => {
      const signature = [headers["x-hub-signature-256"]].flat()[0];
      if (!Buffer.isBuffer(body) || !isSignedBody(body, signature, config.webhookSecret))
        throw new AppError("unauthenticated", "The body is not signed with the webhook's secret.");
      const { "x-github-event": event, "x-github-delivery": deliveryId } = parseBody(WebhookHeaders, headers);
      if (event !== "deployment_protection_rule") return { taken: false };
      const asked = parseBody(ProtectionRuleEvent, jsonOf(body));
      const { environment, repository, installation, deployment } = asked;
      const taken = await reviews.take(
        {
          ...{ project: config.project, gate: config.gates.get(environment) ?? environment, deliveryId, repository: repository.full_name },
          ...{ runId: runOf(asked, config.apiUrl), environment, installation: installation.id, sha: deployment.sha },
        },
        new Date(clock()),
      );
      return reply.status(taken ? 202 : 200).send({ taken });
    });
  });
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AppError("invalid_input", "The body is no JSON.", { cause });
  }
}
