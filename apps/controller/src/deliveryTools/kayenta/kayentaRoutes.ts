import { parseBody } from "@signalbox/listener";
import { AppError, isOfVersion } from "@signalbox/model";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { DeliveryTools } from "../deliveryTools.ts";
import { wholeAnswer } from "../gateAnswer.ts";
import { ProjectQuery } from "../gateName.ts";
import { JudgeRequest, judge } from "./remoteJudge.ts";

/** Argo's client sends no headers: where keys are required, the key is in the path. */
const PREFIXES = ["/v1/kayenta", "/v1/kayenta/key/:key"];

const Scope = z.object({ scope: z.string().min(1).max(200) });

/** The request of an analysis: the versions are in the scopes. Between the two thresholds Argo waits for a person. */
const CanaryRequest = z.object({
  scopes: z.record(z.string(), z.object({ controlScope: Scope, experimentScope: Scope })),
  thresholds: z
    .object({ pass: z.number().min(1).max(100), marginal: z.number().min(1).max(100) })
    .refine(({ pass, marginal }) => marginal < pass, "has no room between marginal and pass: a hold would be one of them"),
});

/** The content of an execution's id, which is the whole question. */
const Execution = z.tuple([z.string(), z.string(), z.string(), z.number(), z.number()]);

const idOf = (execution: z.infer<typeof Execution>): string => Buffer.from(JSON.stringify(execution)).toString("base64url");

function executionOf(id: string): z.infer<typeof Execution> {
  try {
    return Execution.parse(JSON.parse(Buffer.from(id, "base64url").toString("utf8")));
  } catch (cause) {
    throw new AppError("not_found", "There is no such execution.", { cause });
  }
}

/**
 * The part of Kayenta's API that Argo's `kayenta` provider and Spinnaker use (`metricproviders/kayenta/kayenta.go`, `kayenta-judge`): gates
 * are canary configs, and an analysis goes on (`complete: false`) as long as its gate holds. `POST /judge` is a remote judge: it needs no
 * gate, and judges the posted series.
 */
export function kayentaRoutes(app: FastifyInstance, { entrance, rollouts }: DeliveryTools): void {
  const Params = z.object({ id: z.string().max(2_000).default(""), key: z.string().min(1).max(200).optional() });

  async function read(request: FastifyRequest) {
    const { id, key } = parseBody(Params, request.params);
    const grant = await entrance.grantOf(request, key);
    const { project } = parseBody(z.object(ProjectQuery), request.query);
    return { id, project: entrance.projectOf(grant, project) };
  }

  for (const prefix of PREFIXES) {
    app.get(`${prefix}/canaryConfig`, async (request) => {
      const { project } = await read(request);
      return (await rollouts.newestOfEach(project)).judged.map(({ rollout }) => ({
        id: rollout.gate,
        name: rollout.gate,
        applications: [project],
      }));
    });

    app.post(`${prefix}/canary/:id`, async (request) => {
      const { id: gate, project } = await read(request);
      const { scopes, thresholds } = parseBody(CanaryRequest, request.body);
      const [scope] = Object.values(scopes);
      if (scope === undefined)
        throw new AppError("invalid_input", "A scope names the versions: controlScope.scope and experimentScope.scope.");
      const [stable, canary] = [scope.controlScope.scope, scope.experimentScope.scope];
      if (stable === canary) throw new AppError("invalid_input", "Both scopes name one version: it is not compared with itself.");
      if ((await rollouts.newest({ project, gate })) === null)
        throw new AppError("not_found", `There is no gate ${gate} in project ${project}.`);
      return { canaryExecutionId: idOf([gate, canary, stable, thresholds.pass, thresholds.marginal]) };
    });

    app.get(`${prefix}/canary/:id`, async (request) => {
      const { id, project } = await read(request);
      const [gate, canary, stable, pass, marginal] = executionOf(id);
      const judged = await rollouts.newest({ project, gate }, canary);
      const isCompared = judged !== null && isOfVersion(judged.rollout.stable, stable);
      const answer = isCompared ? wholeAnswer(judged) : null;
      // A rollout's gate may still decide; without one, only a person can.
      if (answer?.decision === "hold") return { complete: false, status: "running" };
      const isGood = answer?.decision === "promote";
      const score = isGood ? Math.max(pass, 100) : answer === null ? marginal : 0;
      const classification = isGood ? "Pass" : answer === null ? "Marginal" : "Fail";
      const classificationReason = answer?.reason ?? `No rollout of ${gate} compares ${canary} with ${stable}.`;
      return {
        ...{ complete: true, status: "succeeded" },
        result: {
          judgeResult: { judgeName: "signalbox", results: [], groupScores: [], score: { score, classification, classificationReason } },
        },
      };
    });

    app.post(`${prefix}/judge`, async (request) => {
      await read(request);
      return judge(parseBody(JudgeRequest, request.body));
    });
  }
}
