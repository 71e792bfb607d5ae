import { describe, expect, test } from "vitest";
import { readHttpAnswer } from "./httpAnswer.ts";

const ANSWERS = {
  "with a length": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  "in chunks": "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\nRetry-After: 2\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
};

describe.each(Object.entries(ANSWERS))("an answer %s", (_, text) => {
  test("is read when its last byte is there, and not before", () => {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length++)
      expect(readHttpAnswer(bytes.subarray(0, length), { isClosed: false })).toBeUndefined();
    expect(readHttpAnswer(bytes, { isClosed: false })).toMatchObject({ body: Buffer.from("hello"), keepsAlive: true });
  });
});

test("its status and headers are read", () => {
  const answer = readHttpAnswer(Buffer.from(ANSWERS["in chunks"]), { isClosed: false });
  expect([answer?.status, answer?.headers.get("retry-after")]).toEqual([503, "2"]);
});

test("without a length it ends with the connection", () => {
  const bytes = Buffer.from("HTTP/1.1 200 OK\r\n\r\nhello");
  expect(readHttpAnswer(bytes, { isClosed: false })).toBeUndefined();
  expect(readHttpAnswer(bytes, { isClosed: true })).toMatchObject({ body: Buffer.from("hello"), keepsAlive: false });
});

test("a server that says that it closes is not sent more", () => {
  const bytes = Buffer.from("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  expect(readHttpAnswer(bytes, { isClosed: false })).toMatchObject({ keepsAlive: false });
});

test("what is not HTTP is an error", () => {
  expect(() => readHttpAnswer(Buffer.from("220 mail.example.test\r\n\r\n"), { isClosed: false })).toThrow("not HTTP");
});
