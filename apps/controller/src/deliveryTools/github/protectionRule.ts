import { AppError } from "@signalbox/model";
import { z } from "zod";

/**
 * The fields that we read of the event `deployment_protection_rule`: a run waits until we approve or reject its deployment to an
 * environment.
 */
export const ProtectionRuleEvent = z.object({
  action: z.literal("requested"),
  environment: z.string().min(1).max(255),
  deployment_callback_url: z.url(),
  deployment: z.object({ sha: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/) }),
  repository: z.object({ full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/) }),
  installation: z.object({ id: z.int().positive() }),
});
export type ProtectionRuleEvent = z.infer<typeof ProtectionRuleEvent>;

/** The URL for the answer about a run. */
export function callbackUrl(apiUrl: string, repository: string, runId: number): string {
  return `${apiUrl}/repos/${repository}/actions/runs/${runId}/deployment_protection_rule`;
}

/**
 * The run of an event. Throws `invalid_input` if its answer would go anywhere but to the configured API, since our token is sent with it.
 */
export function runOf({ deployment_callback_url: url, repository }: ProtectionRuleEvent, apiUrl: string): number {
  const run = Number(/\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/.exec(url)?.[1]);
  if (url !== callbackUrl(apiUrl, repository.full_name, run))
    throw new AppError("invalid_input", "The callback URL is not that of a run of this repository at the GitHub API that is configured.");
  return run;
}
