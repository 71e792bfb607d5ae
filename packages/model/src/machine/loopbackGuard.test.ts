import { expect, test } from "vitest";
import { isTrustedRequest } from "./loopbackGuard.ts";

const console3000 = { ownPort: 4318, originPorts: [3000] };

test("a program on this machine is served", () => {
  expect(isTrustedRequest({ host: "127.0.0.1:4318" }, console3000)).toBe(true);
  expect(isTrustedRequest({ host: "localhost:4318" }, console3000)).toBe(true);
  expect(isTrustedRequest({ host: "[::1]:4318" }, console3000)).toBe(true);
});

test("a page of the console is served", () => {
  const headers = { host: "127.0.0.1:4318", origin: "http://localhost:3000", "sec-fetch-site": "same-site" };
  expect(isTrustedRequest(headers, console3000)).toBe(true);
});

test("a name re-bound to loopback is refused", () => {
  expect(isTrustedRequest({ host: "evil.example:4318" }, console3000)).toBe(false);
  expect(isTrustedRequest({ host: "127.0.0.1.evil.example:4318" }, console3000)).toBe(false);
  expect(isTrustedRequest({ host: "127.0.0.1:9999" }, console3000)).toBe(false);
  expect(isTrustedRequest({}, console3000)).toBe(false);
});

test("a page of another site is refused", () => {
  for (const origin of ["https://evil.example", "http://localhost:8080", "null", "https://localhost:3000"]) {
    expect(isTrustedRequest({ host: "127.0.0.1:4318", origin }, console3000), origin).toBe(false);
  }
  expect(isTrustedRequest({ host: "127.0.0.1:4318", "sec-fetch-site": "cross-site" }, console3000)).toBe(false);
});

test("an address typed by a person is served", () => {
  expect(isTrustedRequest({ host: "localhost:4318", "sec-fetch-site": "none" }, console3000)).toBe(true);
});

test("a link on another site leads to a page, and to nothing else", () => {
  const page = { ownPort: 3000, isPage: true };
  const followed = { host: "localhost:3000", "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  expect(isTrustedRequest(followed, page)).toBe(true);
  expect(isTrustedRequest({ ...followed, "sec-fetch-site": "same-site" }, page)).toBe(true);

  expect(isTrustedRequest(followed, { ownPort: 3000 })).toBe(false);
  for (const dest of ["iframe", "frame", "object", "embed", "empty"])
    expect(isTrustedRequest({ ...followed, "sec-fetch-dest": dest }, page), dest).toBe(false);
  expect(isTrustedRequest({ ...followed, "sec-fetch-mode": "no-cors" }, page)).toBe(false);
  expect(isTrustedRequest({ ...followed, host: "evil.example:3000" }, page)).toBe(false);
  expect(isTrustedRequest({ ...followed, origin: "https://evil.example" }, page)).toBe(false);
});
