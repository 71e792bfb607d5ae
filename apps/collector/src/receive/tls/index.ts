export { readTlsIdentity, type TlsIdentity, type TlsSource } from "./tlsIdentity.ts";
