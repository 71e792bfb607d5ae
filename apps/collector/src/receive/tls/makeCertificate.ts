import { type CertificateExtension, generate } from "selfsigned";

/** A certificate for this machine's own names, with its authority. Everything is PEM. */
export interface MadeCertificate {
  ca: string;
  cert: string;
  key: string;
}

/** Validity in days: long enough to need no attention, short enough for clients that reject certificates of more than 825 days. */
const VALID_DAYS = 820;
const DAY_MS = 86_400_000;

const AUTHORITY: CertificateExtension[] = [
  { name: "basicConstraints", cA: true, critical: true },
  { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
];

const SERVER: CertificateExtension[] = [
  { name: "basicConstraints", cA: false, critical: true },
  { name: "keyUsage", digitalSignature: true, critical: true },
  { name: "extKeyUsage", serverAuth: true },
  {
    name: "subjectAltName",
    altNames: [
      { type: 2, value: "localhost" },
      { type: 7, ip: "127.0.0.1" },
      { type: 7, ip: "::1" },
    ],
  },
];

/**
 * Creates an authority and one certificate signed by it; `now` is milliseconds since 1970. The authority's key is discarded: trusting the
 * authority means trusting this one certificate, since no other can ever be signed by it.
 */
export async function makeCertificate(now: number): Promise<MadeCertificate> {
  const validity = {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
  } as const;
  const authority = await generate([{ name: "commonName", value: "Signalbox on this machine" }], { ...validity, extensions: AUTHORITY });
  const ca = { key: authority.private, cert: authority.cert };
  const server = await generate([{ name: "commonName", value: "localhost" }], { ...validity, extensions: SERVER, ca });
  return { ca: authority.cert, cert: server.cert, key: server.private };
}
