import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";

const ENV = { CLICKHOUSE_URL: "http://127.0.0.1:8123", SIGNALBOX_DATA_DIR: "/data", SIGNALBOX_PORT_OFFSET: "100" };

test("every port moves with the offset, and without the operator's certificate one is kept in the data folder", () => {
  expect(loadConfig(ENV)).toMatchObject({
    ...{ port: 4418, grpcPort: 4417, tlsPort: 4419 },
    tls: { kind: "own", files: { ca: "/data/tls/ca.pem", cert: "/data/tls/cert.pem", key: "/data/tls/key.pem" } },
  });
});

test("a certificate and its key go together", () => {
  const given = { SIGNALBOX_TLS_CERT: "/c.pem", SIGNALBOX_TLS_KEY: "/k.pem" };
  expect(loadConfig({ ...ENV, ...given }).tls).toEqual({ kind: "given", cert: "/c.pem", key: "/k.pem" });
  expect(() => loadConfig({ ...ENV, SIGNALBOX_TLS_KEY: "/k.pem" })).toThrow("SIGNALBOX_TLS_KEY is set and SIGNALBOX_TLS_CERT is not");
});
