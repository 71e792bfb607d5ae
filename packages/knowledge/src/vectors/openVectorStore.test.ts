import { expect, test } from "vitest";
import { vectorStoreSettings } from "./openVectorStore.ts";

const URL = "http://127.0.0.1:6333";

test("without settings vectors are embedded; an empty variable counts as unset", () => {
  expect(vectorStoreSettings({ SIGNALBOX_VECTOR_STORE: "", SIGNALBOX_VECTOR_STORE_URL: URL })).toEqual({ kind: "embedded" });
});

test("a store elsewhere has an address, and may have a key", () => {
  const env = { SIGNALBOX_VECTOR_STORE: "qdrant", SIGNALBOX_VECTOR_STORE_URL: URL };
  expect(vectorStoreSettings(env)).toEqual({ kind: "qdrant", url: URL, key: undefined, prefix: "Signalbox_" });
  expect(vectorStoreSettings({ ...env, SIGNALBOX_VECTOR_STORE: "pinecone", SIGNALBOX_VECTOR_STORE_KEY: "k" })).toEqual({
    ...{ kind: "pinecone", url: URL, key: "k" },
  });
});

test.each([
  ["an unknown store", { SIGNALBOX_VECTOR_STORE: "milvus" }, "SIGNALBOX_VECTOR_STORE"],
  ["no address", { SIGNALBOX_VECTOR_STORE: "qdrant" }, "SIGNALBOX_VECTOR_STORE_URL does not say"],
  ["what is no address", { SIGNALBOX_VECTOR_STORE: "qdrant", SIGNALBOX_VECTOR_STORE_URL: "qdrant:6333" }, "SIGNALBOX_VECTOR_STORE_URL"],
  ["Pinecone without a key", { SIGNALBOX_VECTOR_STORE: "pinecone", SIGNALBOX_VECTOR_STORE_URL: URL }, "SIGNALBOX_VECTOR_STORE_KEY"],
])("%s is told in a sentence", (_what, env, message) => {
  expect(() => vectorStoreSettings(env)).toThrow(message);
});
