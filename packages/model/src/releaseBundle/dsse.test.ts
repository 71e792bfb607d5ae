import { createPrivateKey, createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { newCheckpointKey } from "../decisionLog/index.ts";
import { preAuthEncoding, signatureFault, signEnvelope } from "./dsse.ts";

const key = createPrivateKey(newCheckpointKey());
const other = createPublicKey(createPrivateKey(newCheckpointKey()));
const payload = Buffer.from("hello world");

test("what is signed is the protocol's own example", () => {
  expect(preAuthEncoding("http://example.com/HelloWorld", payload).toString()).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
});

test("lengths are those of bytes", () => {
  expect(preAuthEncoding("é", Buffer.from("ü")).toString()).toBe("DSSEv1 2 é 2 ü");
});

test("an envelope holds for its key alone, and for its payload and type", () => {
  const envelope = signEnvelope(payload, key);
  expect(signatureFault(envelope, [other, createPublicKey(key)])).toBeUndefined();
  expect(signatureFault(envelope, [other])).toBe("is by a key that is not trusted");
  expect(signatureFault({ ...envelope, payload: Buffer.from("hello worlds").toString("base64") }, [createPublicKey(key)])).toContain(
    "not the key's",
  );
  expect(signatureFault({ ...envelope, payloadType: "text/plain" }, [createPublicKey(key)])).toContain("not the key's");
});
