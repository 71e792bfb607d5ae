/** A request's headers, which a loopback listener checks before it reads the body. */
type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

const LOOPBACK_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** `localhost:3000` → `["localhost", "3000"]`; an IPv6 name keeps its brackets. */
function splitHost(host: string): [name: string, port: string] {
  const colon = host.lastIndexOf(":");
  return colon > host.lastIndexOf("]") ? [host.slice(0, colon).toLowerCase(), host.slice(colon + 1)] : [host.toLowerCase(), "80"];
}

/** Whether the browser is navigating by a link: the person sees the answer, and the page with the link cannot read it. */
const isLinkFollowed = (headers: RequestHeaders): boolean =>
  headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";

/**
 * Whether a request to a loopback listener comes from a program or from one of our own pages. A page of another site can
 * reach loopback too: under its own name re-bound to 127.0.0.1 (then `Host` is not ours), or as a cross-site request (then
 * `Origin` or `Sec-Fetch-Site` gives it away). `ownPort` is the listener's port; `originPorts` are the ports whose pages may
 * call it (the console's). `isPage`: the target is a page to look at, to which a link on any site may lead. `isAnyHost`: the
 * listener is not on loopback but behind host names that it cannot know; pages of other sites are still refused.
 */
export function isTrustedRequest(
  headers: RequestHeaders,
  listener: { ownPort: number; originPorts?: readonly number[]; isPage?: boolean; isAnyHost?: boolean },
): boolean {
  const host = headers.host;
  if (typeof host !== "string") return false;
  const [name, port] = splitHost(host);
  if (!listener.isAnyHost && (!LOOPBACK_NAMES.has(name) || port !== String(listener.ownPort))) return false;

  const site = headers["sec-fetch-site"];
  const origin = headers.origin;
  if (origin === undefined) {
    if (site === undefined || site === "none" || site === "same-origin") return true;
    return listener.isPage === true && isLinkFollowed(headers);
  }
  if (typeof origin !== "string" || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  const fromPort = Number(from.port === "" ? "80" : from.port);
  const allowed = [listener.ownPort, ...(listener.originPorts ?? [])];
  return from.protocol === "http:" && LOOPBACK_NAMES.has(from.hostname) && allowed.includes(fromPort);
}
