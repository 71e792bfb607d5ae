import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { EngineError } from "../engine/engineError.ts";

/** The user who may access the store. */
export type Credentials = { user: string; password: string };

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/**
 * Throws unless the request carries the user and password, in any of the
 * three places that ClickHouse reads. The comparison takes constant time.
 */
export function requireCredentials(request: IncomingMessage, url: URL, expected: Credentials): void {
  const given = givenCredentials(request, url);
  if (given === undefined) throw EngineError.own("REQUIRED_PASSWORD", `${expected.user}: Authentication failed: a password is required`);
  const isUser = timingSafeEqual(digest(given.user), digest(expected.user));
  const isPassword = timingSafeEqual(digest(given.password), digest(expected.password));
  if (!isUser || !isPassword)
    throw EngineError.own("AUTHENTICATION_FAILED", "Authentication failed: password is incorrect, or there is no user with such name");
}

function givenCredentials(request: IncomingMessage, url: URL): Credentials | undefined {
  const { "x-clickhouse-user": headerUser, "x-clickhouse-key": headerKey, authorization } = request.headers;
  if (headerUser !== undefined || headerKey !== undefined) return { user: String(headerUser ?? ""), password: String(headerKey ?? "") };
  const basic = /^Basic\s+(.*)$/i.exec(authorization ?? "")?.[1];
  if (basic !== undefined) {
    const [user = "", ...password] = Buffer.from(basic, "base64").toString().split(":");
    return { user, password: password.join(":") };
  }
  const user = url.searchParams.get("user");
  const password = url.searchParams.get("password");
  return user === null && password === null ? undefined : { user: user ?? "", password: password ?? "" };
}
