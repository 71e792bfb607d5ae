import { execFileSync } from "node:child_process";

const COMMIT = /^[0-9a-f]{40,64}$/;

/** The commit at which the gate is asked: from GitHub (`GITHUB_SHA`), else the checked-out one; null where neither is known. */
export function checkedOutCommit({ GITHUB_SHA: named = "" }: NodeJS.ProcessEnv): string | null {
  if (COMMIT.test(named)) return named;
  try {
    const head = execFileSync("git", ["rev-parse", "HEAD"], {
      encoding: "utf8",
      timeout: 5_000,
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return COMMIT.test(head) ? head : null;
  } catch {
    return null;
  }
}
