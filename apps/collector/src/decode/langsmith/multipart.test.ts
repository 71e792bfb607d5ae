import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formOf } from "../../testing/builders/langsmithBuilders.ts";
import { MalformedBody } from "../malformedBody.ts";
import { readMultipart } from "./multipart.ts";

const fixture = (name: string): Buffer => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url));
const texts = (body: Buffer) => readMultipart(body).parts.map(({ name, content }) => [name, content.toString()]);

test("a form of the JavaScript client is read: boundary of letters, lengths as a parameter of the type", () => {
  const { parts, cut } = readMultipart(fixture("js-0.12.0.multipart"));
  expect(parts).toHaveLength(32);
  expect(cut).toHaveLength(0);
  expect(parts[0]).toMatchObject({ name: "post.01a2166c-f4c5-7000-8000-026b8e1c505f", mediaType: "application/json" });
  const note = parts.find(({ name }) => name.startsWith("attachment."));
  expect([note?.mediaType, note?.content.toString()]).toEqual(["text/plain", "hello\r\n--not a boundary"]);
});

test("a form of the Python client is read: boundary of digits, a Content-Length for each part", () => {
  const { parts, cut } = readMultipart(fixture("python-0.15.1.multipart"));
  expect(parts).toHaveLength(23);
  expect(cut).toHaveLength(0);
  expect(parts.find(({ name }) => name.startsWith("attachment."))).toMatchObject({
    mediaType: "text/plain",
    content: Buffer.from("hello"),
  });
});

test("a part with a length may contain the boundary", () => {
  const inner = formOf([{ name: "inner", text: "{}" }]).toString();
  const length = Buffer.byteLength(inner);
  expect(texts(formOf([{ name: "a", text: inner, type: `application/json; length=${length}` }]))).toEqual([["a", inner]]);
});

test("a wrong length is ignored", () => {
  const body = formOf([
    { name: "a", text: "größe", type: "text/plain; length=5" },
    { name: "b", text: "x", type: "text/plain; length=999999999" },
  ]);
  expect(texts(body)).toEqual([
    ["a", "größe"],
    ["b", "x"],
  ]);
});

test("a truncated body gives its whole parts, and the rest separately", () => {
  const body = formOf([
    { name: "a", text: "1" },
    { name: "b", text: "2" },
  ]);
  const { parts, cut } = readMultipart(body.subarray(0, body.length - 30));
  expect(parts.map(({ name }) => name)).toEqual(["a"]);
  expect(cut.toString()).toContain('name="b"');
});

test("a form without parts is empty", () => {
  expect(readMultipart(formOf([]))).toEqual({ parts: [], cut: Buffer.alloc(0) });
});

test.each(["", "{}", "--", "----\n", "no boundary\r\n", `${"-".repeat(300)}\r\n`])("%j is not a form", (text) => {
  expect(() => readMultipart(Buffer.from(text))).toThrow(MalformedBody);
});
