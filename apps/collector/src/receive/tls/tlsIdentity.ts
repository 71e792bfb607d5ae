import { X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import { type CertificateFiles, readCertificate } from "@signalbox/listener";
import { AppError, type TlsFiles } from "@signalbox/model";

/** A listener's certificate (or chain) and key, both PEM. */
export interface TlsIdentity {
  cert: string;
  key: string;
}

/** The operator's files, or those that we create ourselves. */
export type TlsSource = { kind: "given"; cert: string; key: string } | { kind: "own"; files: TlsFiles };

/** The least remaining validity of our own certificate, in milliseconds; below it, a new one is created at the start. */
const LEFT_MIN_MS = 30 * 86_400_000;

/** Reads the certificate, or creates one if there is no valid one of ours. `now` is milliseconds since 1970. Throws `AppError`. */
export async function readTlsIdentity(source: TlsSource, now: number): Promise<TlsIdentity> {
  return source.kind === "given" ? readGiven(source) : ((await readOwn(source.files, now)) ?? makeOwn(source.files, now));
}

const GIVEN_HINT = "SIGNALBOX_TLS_CERT and SIGNALBOX_TLS_KEY name PEM files that belong together.";

async function readGiven(files: CertificateFiles): Promise<TlsIdentity> {
  const { cert, key } = await readCertificate(files, GIVEN_HINT);
  return { cert, key };
}

async function readOwn(files: TlsFiles, now: number): Promise<TlsIdentity | null> {
  try {
    const [ca, cert, key] = await Promise.all([files.ca, files.cert, files.key].map((file) => readFile(file, "utf8")));
    if (ca === undefined || cert === undefined || key === undefined) return null;
    const certificate = new X509Certificate(cert);
    createSecureContext({ cert, key });
    const isSigned = certificate.verify(new X509Certificate(ca).publicKey);
    return isSigned && certificate.validToDate.getTime() - now > LEFT_MIN_MS ? { cert, key } : null;
  } catch {
    return null;
  }
}

async function makeOwn(files: TlsFiles, now: number): Promise<TlsIdentity> {
  const { makeCertificate } = await import("./makeCertificate.ts");
  const made = await makeCertificate(now);
  try {
    await mkdir(dirname(files.key), { recursive: true, mode: 0o700 });
    await writeWhole(files.key, made.key, 0o600);
    await writeWhole(files.cert, made.cert, 0o644);
    await writeWhole(files.ca, made.ca, 0o644);
  } catch (cause) {
    throw new AppError("infrastructure", `The certificate cannot be written to ${dirname(files.key)}: ${(cause as Error).message}.`, {
      cause,
    });
  }
  return made;
}

/** Writes a file atomically, so that a reader, or the next start, never finds half of it. */
async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.draft`, text, { mode });
  await rename(`${file}.draft`, file);
}
