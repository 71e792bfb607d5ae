import { createSign } from "node:crypto";
import { z } from "zod";
import type { GithubConfig } from "./githubConfig.ts";
import { callbackUrl } from "./protectionRule.ts";

/** Time limit for GitHub's answer, in milliseconds. */
const ANSWER_MS_MAX = 10_000;

/** How long before its end an installation token, which lasts an hour, is renewed, in milliseconds. */
const RENEWED_BEFORE_MS = 300_000;

/** Validity of the App's own token in seconds: at most ten minutes, and backdated by a minute because clocks may differ. */
const JWT_BACKDATED_S = 60;
const JWT_LASTS_S = 540;

const InstallationToken = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });

/** An answer to a deployment. Without a state it is a report, and the deployment goes on waiting. */
export type ReviewAnswer = { state?: "approved" | "rejected"; comment: string };

/** The result of sending an answer: `gone` is final, `failed` may be retried. */
export type Told = { kind: "told" } | { kind: "gone"; status: number } | { kind: "failed"; status: number };

/** The GitHub App that answers deployments. */
export interface GithubApp {
  review(run: { repository: string; runId: number; environment: string; installation: number }, answer: ReviewAnswer): Promise<Told>;
}

/** Statuses by which GitHub says that nothing waits for this answer any more. */
const GONE = new Set([404, 410, 422]);

/**
 * Opens the App. `http` is `fetch`, `clock` returns milliseconds since 1970. Requests go only to `apiUrl`, and redirects are not followed.
 */
export function openGithubApp({ apiUrl, appId, appKey }: GithubConfig, http: typeof fetch, clock: () => number): GithubApp {
  const tokens = new Map<number, { token: string; until: number }>();

  const post = (url: string, bearer: string, body: object | null): Promise<Response> =>
    http(url, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      headers: {
        ...{ authorization: `Bearer ${bearer}`, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
        ...{ "content-type": "application/json", "user-agent": "signalbox" },
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });

  /** An installation token, or the status of a refusal. */
  async function tokenOf(installation: number): Promise<string | number> {
    const known = tokens.get(installation);
    if (known !== undefined && clock() < known.until) return known.token;
    const answer = await post(`${apiUrl}/app/installations/${installation}/access_tokens`, appToken(appId, appKey, clock()), null);
    if (!answer.ok) return answer.status;
    const { token, expires_at: expiresAt } = InstallationToken.parse(await answer.json());
    tokens.set(installation, { token, until: Date.parse(expiresAt) - RENEWED_BEFORE_MS });
    return token;
  }

  return {
    async review({ repository, runId, environment, installation }, answer) {
      const token = await tokenOf(installation);
      if (typeof token === "number") return { kind: "failed", status: token };
      const { ok, status } = await post(callbackUrl(apiUrl, repository, runId), token, { environment_name: environment, ...answer });
      if (ok) return { kind: "told" };
      if (status === 401) tokens.delete(installation);
      return { kind: GONE.has(status) ? "gone" : "failed", status };
    },
  };
}

/** The App's own token (RFC 7519, RS256): issued a minute ago, valid for nine more minutes. */
export function appToken(appId: string, appKey: string, nowMs: number): string {
  const now = Math.floor(nowMs / 1_000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - JWT_BACKDATED_S, exp: now + JWT_LASTS_S, iss: appId })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(appKey, "base64url")}`;
}
