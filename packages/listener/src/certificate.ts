import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { AppError } from "@signalbox/model";

/** A certificate (or a chain) and its key, both PEM, and its expiry. */
export type Certificate = { cert: string; key: string; goodUntil: Date };

/** The files of a certificate and its key. */
export type CertificateFiles = { cert: string; key: string };

/** Reads a certificate that the operator names. Throws `infrastructure` where it cannot be used; `hint` names the settings of its files. */
export async function readCertificate({ cert, key }: CertificateFiles, hint: string): Promise<Certificate> {
  try {
    const identity = { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8") };
    createSecureContext(identity);
    return { ...identity, goodUntil: new X509Certificate(identity.cert).validToDate };
  } catch (cause) {
    throw new AppError("infrastructure", `The certificate ${cert} with the key ${key} cannot be used: ${(cause as Error).message}.`, {
      cause,
      hint,
    });
  }
}
