import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

type Posted = { method: string; path: string; body: unknown };
type Check = { id: number; name: string; head_sha: string; status: string; conclusion?: string; app: { slug: string } };
type Comment = { id: number; body: string; user: { login: string } };

/** As much of GitHub's API as reports need: check runs of commits, and the comments of issue 7. Disposing closes it. */
export interface GithubStub extends AsyncDisposable {
  readonly url: string;
  readonly checks: Check[];
  readonly comments: Comment[];
  /** The writing requests, in order; reading ones are not kept. */
  readonly written: Posted[];
  /** Headers of the last request. */
  headers: NodeJS.Dict<string | string[]>;
  /** Statuses with which the next requests are refused. */
  readonly refusals: number[];
}

const PLACE = "/repos/octo/agent";

/** Opens it on loopback. `commentsBefore` are other people's, `pageSize` how many a page has at most. */
export async function openGithubStub(commentsBefore: Omit<Comment, "id">[] = []): Promise<GithubStub> {
  const checks: Check[] = [];
  const comments = commentsBefore.map((comment, id) => ({ ...comment, id }));
  const [written, refusals]: [Posted[], number[]] = [[], []];

  function answer(method: string, url: URL, body: object): unknown {
    const path = url.pathname.slice(PLACE.length);
    const id = Number(/\d+$/.exec(path)?.[0]);
    if (method === "GET" && /^\/commits\/[0-9a-f]{40}\/check-runs$/.test(path)) {
      const of = checks.filter(({ name, head_sha: sha }) => name === url.searchParams.get("check_name") && path.includes(sha));
      return { total_count: of.length, check_runs: of.slice(-1) };
    }
    if (method === "POST" && path === "/check-runs") {
      const check = { ...(body as Check), id: checks.length + 1, app: { slug: "github-actions" } };
      checks.push(check);
      return check;
    }
    if (method === "PATCH" && /^\/check-runs\/\d+$/.test(path)) return Object.assign(checks.find((check) => check.id === id) ?? {}, body);
    if (method === "GET" && path === "/issues/7/comments") {
      const [size, page] = ["per_page", "page"].map((name) => Number(url.searchParams.get(name))) as [number, number];
      return comments.slice(size * (page - 1), size * page);
    }
    if (method === "POST" && path === "/issues/7/comments") {
      comments.push({ ...(body as { body: string }), id: comments.length, user: { login: "github-actions[bot]" } });
      return comments.at(-1);
    }
    if (method === "PATCH" && /^\/issues\/comments\/\d+$/.test(path))
      return Object.assign(comments.find((comment) => comment.id === id) ?? {}, body);
    return undefined;
  }

  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    stub.headers = headers;
    const body = method === "GET" ? {} : ((await json(request)) as object);
    const refused = refusals.shift();
    const found = refused === undefined && url.startsWith(PLACE) ? answer(method, new URL(url, "http://github"), body) : undefined;
    if (found !== undefined && method !== "GET") written.push({ method, path: url.slice(PLACE.length), body });
    response.statusCode = refused ?? (found === undefined ? 404 : 200);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(found ?? { message: "Not Found" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stub: GithubStub = {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, checks, comments, written, headers: {}, refusals },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return stub;
}
