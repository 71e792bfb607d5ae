import { errorAnswer, parseBody } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { DeliveryTools } from "../deliveryTools.ts";
import { GatePath } from "../gateName.ts";
import { FLAGGER_QUESTIONS, type FlaggerAnswer, flaggerAnswer, mayBegin } from "./flaggerAnswer.ts";
import { FlaggerEvent, FlaggerPayload } from "./flaggerPayload.ts";
import type { Stage } from "./stageBook.ts";

const OPEN = 200;
const CLOSED = 403;

/**
 * `POST /v1/gates/{gate}/flagger/{offline|begin|health|advance|promote|rollback|event}` for Flagger's webhooks
 * (`pkg/controller/webhook.go`). 200 is yes; a closed gate is 403 with a one-line reason, which Flagger shows (of a 5xx it drops the body).
 * An unknown webhook is 404, since a 200 could promote or roll back.
 */
export function flaggerRoutes(app: FastifyInstance, tools: DeliveryTools): void {
  app.register(async (scope) => {
    // Flagger shows a refusal's body verbatim, in an event of the Canary.
    scope.setErrorHandler((error, _request, reply) => {
      const { status, headers, body } = errorAnswer(error);
      return reply.status(status).headers(headers).type(TEXT).send(lineOf(body.error.message));
    });
    webhooks(scope, tools);
  });
}

const TEXT = "text/plain; charset=utf-8";

const lineOf = (text: string): string => text.replaceAll(/\s+/g, " ");

function webhooks(app: FastifyInstance, { entrance, rollouts, checks, stages, clock }: DeliveryTools): void {
  /** The subject of a webhook, once its sender is authenticated. */
  async function read(request: FastifyRequest) {
    const { gate } = parseBody(GatePath, request.params);
    const payload = parseBody(FlaggerPayload, request.body);
    const { token, project: asked, candidate } = payload.metadata ?? {};
    const project = entrance.projectOf(await entrance.grantOf(request, token), asked);
    const canary = `${payload.namespace}/${payload.name}`;
    const newest = await rollouts.newest({ project, gate }, candidate);
    if (newest === null && (candidate === undefined || (await rollouts.newest({ project, gate })) === null))
      throw new AppError("not_found", `There is no gate ${gate} in project ${project}.`);
    return { newest, payload, revision: { project, gate, canary, checksum: payload.checksum } };
  }

  /**
   * The rollout that judges the revision: the one it was bound to, or else the newest, which is bound to it now if it judges no other
   * revision and has not failed. It may already be promoted before Flagger begins.
   */
  async function judgeOf({ newest, revision }: Awaited<ReturnType<typeof read>>) {
    const known = await stages.find(revision);
    if (known !== null) return withStage(await rollouts.byId(revision, known.rollout), known);
    if (newest === null || newest.rollout.phase === "rolledBack" || newest.rollout.phase === "aborted") return null;
    return withStage(newest, await stages.bind(revision, newest.rollout.id, new Date(clock())));
  }

  for (const question of FLAGGER_QUESTIONS)
    app.post(`/v1/gates/:gate/flagger/${question}`, async (request, reply) => {
      const asked = await read(request);
      const judge = await judgeOf(asked);
      if (judge === null) return answer(reply, { isOpen: false, reason: `No rollout of ${asked.revision.gate} judges this revision.` });
      const said = flaggerAnswer(question, judge.judged, judge.stage.opened);
      if (question === "advance" && said.isOpen && !(await stages.open(asked.revision, judge.stage.opened)))
        return answer(reply, { isOpen: false, reason: "Another request was let through at this moment." });
      return answer(reply, said);
    });

  app.post("/v1/gates/:gate/flagger/offline", async (request, reply) => {
    const { newest, revision } = await read(request);
    if (newest === null) return answer(reply, { isOpen: false, reason: `No rollout of ${revision.gate} has this candidate.` });
    const check = await checks.latest(revision, { candidateVersion: newest.rollout.candidate });
    return answer(reply, mayBegin(newest, { isTaken: await stages.isTaken(revision, newest.rollout.id), check }));
  });

  // Flagger asks this (pre-rollout) only while a revision's weight is 0. A refusal would count as a failed check.
  app.post("/v1/gates/:gate/flagger/begin", async (request, reply) => {
    const asked = await read(request);
    await judgeOf(asked);
    await stages.reset(asked.revision);
    return answer(reply, { isOpen: true, reason: "The weight is 0: steps are counted from the first." });
  });

  app.post("/v1/gates/:gate/flagger/event", async (request, reply) => {
    const { payload, revision } = await read(request);
    const { eventMessage, eventType, timestamp } = parseBody(FlaggerEvent, payload.metadata ?? {});
    const { project, gate, canary } = revision;
    const at = new Date(timestamp ?? clock());
    await stages.note({ project, gate, source: "flagger", subject: canary, kind: eventType, message: eventMessage, at });
    return answer(reply, { isOpen: true, reason: "The event is on record." });
  });
}

function withStage<Judged>(judged: Judged | null, stage: Stage | null) {
  return judged === null || stage === null ? null : { judged, stage };
}

function answer(reply: FastifyReply, { isOpen, reason }: FlaggerAnswer): FastifyReply {
  return reply
    .status(isOpen ? OPEN : CLOSED)
    .type(TEXT)
    .send(lineOf(reason));
}
