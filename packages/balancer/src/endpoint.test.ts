import { expect, test } from "vitest";
import { meets, parseEndpoints } from "./endpoint.ts";

test("addresses and names are read, with their labels", () => {
  expect(parseEndpoints("http://10.0.0.7:4610#gpu&model=llama, http://b:4610,dns+http://language:4611#cpu")).toEqual([
    { kind: "address", endpoint: { url: "http://10.0.0.7:4610", labels: new Set(["gpu", "model=llama"]) } },
    { kind: "address", endpoint: { url: "http://b:4610", labels: new Set() } },
    { kind: "name", protocol: "http:", host: "language", port: "4611", labels: new Set(["cpu"]) },
  ]);
});

test.each([
  "",
  "ftp://a",
  "http://a/path",
  "http://a?x=1",
  "a:4610",
  "http://a,",
  "dns+https://a",
  "http://a,http://a#gpu",
  "http://a#50%",
])("%j is no list of endpoints", (text) => {
  expect(() => parseEndpoints(text)).toThrow(expect.objectContaining({ code: "invalid_input" }));
});

test("a password in what cannot be read is not repeated", () => {
  expect(() => parseEndpoints("http://user:hunter2@a")).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
  );
});

test("an endpoint meets needs when it has every label", () => {
  const endpoint = { url: "http://a", labels: new Set(["gpu", "model=llama"]) };
  expect(meets(endpoint, [])).toBe(true);
  expect(meets(endpoint, ["gpu", "model=llama"])).toBe(true);
  expect(meets(endpoint, ["gpu", "model=qwen"])).toBe(false);
});
