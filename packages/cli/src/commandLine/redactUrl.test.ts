import { expect, test } from "vitest";
import { redactUrl } from "./redactUrl.ts";

test("hides the password and keeps what helps to find the mistake", () => {
  expect(redactUrl("postgresql://ann:s3cret@db.example:5432/signalbox")).toBe("postgresql://ann:***@db.example:5432/signalbox");
});

test("hides the query, where drivers also take passwords", () => {
  expect(redactUrl("http://db.example:8123/?user=ann&password=s3cret")).toBe("http://db.example:8123/?***");
});

test("leaves a URL without secrets as it is", () => {
  expect(redactUrl("redis://127.0.0.1:6379")).toBe("redis://127.0.0.1:6379");
});

test("shows nothing of a text that is no URL", () => {
  expect(redactUrl("ann:s3cret@db")).not.toContain("s3cret");
  expect(redactUrl("s3cret")).toBe("(not a URL)");
});
