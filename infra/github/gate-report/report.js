/**
 * Tells GitHub what a gate says, with a workflow's own token (GH_TOKEN; GITHUB_REPOSITORY and GITHUB_API_URL are the runner's).
 *   node report.js check < check-run.json                  a check run beside a commit (checks: write); one that goes on is changed
 *   node report.js verdict REPORTS SHA RESULT [NUMBER]     the same of `gate check`, from the folder of its reports (gate.json, gate.md);
 *                                                          RESULT is that of its job. A pull request has its number, and has one comment
 *                                                          with the summary (pull-requests: write), which is changed from then on
 * COMMENT_AUTHOR is whom the token writes as. Ends with 0 when GitHub has it, 4 when it does not take it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { GH_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: api = "https://api.github.com" } = process.env;
const { COMMENT_AUTHOR: author = "github-actions[bot]", RETRY_MS: retryMs = "2000" } = process.env;

const BODY_CHARACTERS_MAX = 65_000;
const TITLE_CHARACTERS_MAX = 140;
const PAGE = 100;
const ANSWER_MS_MAX = 10_000;
const TRIES = 4;

/** Asks GitHub; what is away, or too busy, is asked again, and anything else that it refuses ends this. */
async function ask(method, path, body) {
  for (let tried = 1; ; tried += 1) {
    const answer = await fetch(`${api}/repos/${repository}/${path}`, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      headers: {
        ...{ authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error) => error);
    if (answer instanceof Response && answer.ok) return answer.json();
    const mayPass = answer instanceof Error || answer.status === 429 || answer.status >= 500;
    if (!mayPass || tried === TRIES) {
      const said = answer instanceof Error ? answer.message : `${answer.status} ${(await answer.text()).slice(0, 300)}`;
      throw new Error(`GitHub does not take ${method} ${path}: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, Number(retryMs) * tried));
  }
}

/** Changes our check run of a name while it goes on; one that is completed stays as it is, and a new one stands before it. */
async function postCheck(run) {
  const query = new URLSearchParams({ check_name: run.name, filter: "latest", per_page: String(PAGE) });
  const { check_runs: runs } = await ask("GET", `commits/${run.head_sha}/check-runs?${query}`);
  const open = runs.find(({ status, app }) => status !== "completed" && `${app?.slug}[bot]` === author);
  const { head_sha: _, ...changes } = run;
  await (open === undefined ? ask("POST", "check-runs", run) : ask("PATCH", `check-runs/${open.id}`, changes));
}

/** The comment that begins with our mark, by whom we write as: another's with the same mark is not ours to change. */
async function ownComment(number, mark) {
  for (let page = 1; ; page += 1) {
    const comments = await ask("GET", `issues/${number}/comments?per_page=${PAGE}&page=${page}`);
    const own = comments.find(({ user, body }) => user?.login === author && body?.startsWith(mark));
    if (own !== undefined || comments.length < PAGE) return own;
  }
}

async function postComment(number, name, text) {
  const mark = `<!-- signalbox-gate:${name} -->`;
  const body = `${mark}\n${text}`;
  const own = await ownComment(number, mark);
  await (own === undefined ? ask("POST", `issues/${number}/comments`, { body }) : ask("PATCH", `issues/comments/${own.id}`, { body }));
}

/** What did not decide asks for a person, unless the policy lets the job go on. */
function conclusionOf(verdict, result) {
  if (verdict === "inconclusive") return result === "success" ? "neutral" : "action_required";
  return verdict === "pass" ? "success" : "failure";
}

async function postVerdict(reports, sha, result, number) {
  const { verdict, reason, policy } = JSON.parse(readFileSync(join(reports, "gate.json"), "utf8"));
  const summary = readFileSync(join(reports, "gate.md"), "utf8").slice(0, BODY_CHARACTERS_MAX);
  const output = { title: `${verdict}: ${reason}`.slice(0, TITLE_CHARACTERS_MAX), summary };
  const conclusion = conclusionOf(verdict, result);
  await postCheck({ name: `signalbox/${policy.name}/offline`, head_sha: sha, status: "completed", conclusion, output });
  if (number !== undefined) await postComment(number, policy.name, summary);
}

async function readInput() {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
  return text;
}

const [, , verb, reports, sha = "", result, number] = process.argv;
try {
  if (verb === "check") await postCheck(JSON.parse(await readInput()));
  else if (verb === "verdict" && /^[0-9a-f]{40,64}$/.test(sha) && /^\d*$/.test(number ?? ""))
    await postVerdict(reports, sha, result, number || undefined);
  else throw new Error("It is told `check`, or `verdict REPORTS SHA RESULT [NUMBER]`.");
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 4;
}
