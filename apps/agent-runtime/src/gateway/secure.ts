import { type Certificate, type CertificateFiles, readCertificate } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";

/** The TLS port of a gateway and its certificate files. */
export type SecureParts = { port: number; files: CertificateFiles };

const HINT = "SIGNALBOX_GATEWAY_TLS_CERT and SIGNALBOX_GATEWAY_TLS_KEY name PEM files that belong together.";

/** Remaining validity below which a certificate is worth a warning, in milliseconds. */
const LEFT_MS_MIN = 14 * 86_400_000;

/** Reads the certificate. `nowMs` is milliseconds since 1970. Throws `infrastructure` when it cannot be used or has expired. */
export async function certificateOf({ files }: SecureParts, nowMs: number, log: Logger): Promise<Certificate> {
  const certificate = await readCertificate(files, HINT);
  const leftMs = certificate.goodUntil.getTime() - nowMs;
  const until = certificate.goodUntil.toISOString();
  if (leftMs <= 0)
    throw new AppError("infrastructure", `The certificate ${files.cert} expired at ${until}.`, {
      hint: "Replace it and start the gateway again.",
    });
  if (leftMs < LEFT_MS_MIN) log.warn({ file: files.cert, until }, "the certificate expires soon");
  return certificate;
}
