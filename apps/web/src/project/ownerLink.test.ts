import { expect, test } from "vitest";
import { sessionLink, userLink } from "./ownerLink.ts";
import { idOfSegment } from "./ownerSegment.ts";

/** The id on the page that a browser opens for a link. */
const opened = (link: string): string => idOfSegment(new URL(link, "http://127.0.0.1").pathname.split("/").slice(2).join("/"));

test.each(["plain", "a/b?c#d%20&e=f", "größe 🚆", "..", ".", "~", "~..", "\\..\\", "%2e%2e", "x".repeat(1_000), " ", "'\"<>"])(
  "the link of the id %s leads to the id",
  (id) => {
    expect(opened(sessionLink(id, "default"))).toBe(id);
    expect(opened(userLink(id, "shop"))).toBe(id);
  },
);

test("a link stays in its project", () => {
  expect(sessionLink("a b", "shop")).toBe("/sessions/a%20b?project=shop");
});
