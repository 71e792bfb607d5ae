import { parseBody } from "@signalbox/listener";
import { AppError, isOfVersion } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { DeliveryTools } from "../deliveryTools.ts";
import { type GateAnswer, gateAnswer, unknownCandidate } from "../gateAnswer.ts";
import { GatePath, ProjectQuery } from "../gateName.ts";

/** A version's name in a URL without encoding: its `+` arrives as a space, and names contain no spaces. */
const VersionInUrl = z
  .string()
  .trim()
  .max(200)
  .transform((name) => name.replaceAll(" ", "+"));

/**
 * The query of an AnalysisTemplate: the pod template hashes of both versions, and the weight (percent) of the canary. An argument that was
 * not resolved is empty.
 */
const ArgoQuestion = z
  .strictObject({
    ...ProjectQuery,
    canary: VersionInUrl.pipe(z.string().min(1, "is empty: pass the candidate's pod template hash")),
    stable: VersionInUrl.default(""),
    stage: z.coerce.number().min(0).max(100).optional(),
  })
  .refine(({ canary, stable }) => canary === "" || canary !== stable, {
    path: ["canary"],
    message: "is the stable version: a version is not compared with itself",
  });

/**
 * `GET /v1/gates/{gate}/argo?canary=&stable=&stage=`: `{ data: GateAnswer }` for the web metric of Argo Rollouts
 * (`metricproviders/webmetric/webmetric.go`), which treats any status outside 200 to 299 as an error and, after five of them in a row,
 * aborts. So the status is 200 whenever the gate is known, whatever its answer.
 */
export function argoRoutes(app: FastifyInstance, { entrance, rollouts }: DeliveryTools): void {
  app.get("/v1/gates/:gate/argo", async (request): Promise<{ data: GateAnswer }> => {
    const grant = await entrance.grantOf(request);
    const { gate } = parseBody(GatePath, request.params);
    const { canary, stable, stage, ...asked } = parseBody(ArgoQuestion, request.query);
    const place = { project: entrance.projectOf(grant, asked.project), gate };
    const judged = await rollouts.newest(place, canary);
    if (judged === null) {
      const newest = await rollouts.newest(place);
      if (newest === null) throw new AppError("not_found", `There is no gate ${gate} in project ${place.project}.`);
      if (newest.rollout.phase !== "promoted" && isOfVersion(newest.rollout.stable, canary))
        throw new AppError("invalid_input", `${canary} is the stable version: a version is not compared with itself.`);
      return { data: unknownCandidate(canary, stable, `No rollout of ${gate} has the candidate ${canary}.`) };
    }
    const compared = judged.rollout.stable;
    if (stable !== "" && !isOfVersion(compared, stable))
      return { data: unknownCandidate(canary, stable, `${canary} is compared with ${compared}, not with ${stable}.`) };
    return { data: gateAnswer(judged, { stage }) };
  });
}
