/** The TLS files in a data folder: the certificate that clients trust, the collector's certificate, and its key. */
export interface TlsFiles {
  ca: string;
  cert: string;
  key: string;
}

/** The paths of the certificate that the collector makes for itself when it is given none. */
export function tlsFilesIn(dataDir: string): TlsFiles {
  return { ca: `${dataDir}/tls/ca.pem`, cert: `${dataDir}/tls/cert.pem`, key: `${dataDir}/tls/key.pem` };
}
