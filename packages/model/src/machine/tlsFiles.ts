/** The files of TLS in a data folder: what clients trust, what the collector shows, and its key. */
export interface TlsFiles {
  ca: string;
  cert: string;
  key: string;
}

/** Where the collector keeps the certificate that it makes for itself when it is given none. */
export function tlsFilesIn(dataDir: string): TlsFiles {
  return { ca: `${dataDir}/tls/ca.pem`, cert: `${dataDir}/tls/cert.pem`, key: `${dataDir}/tls/key.pem` };
}
