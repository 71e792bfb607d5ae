export { Envelope, envelopeText, IN_TOTO, signatureFault, signEnvelope } from "./dsse.ts";
export { PREDICATE_TYPE, partHash, ReleaseFacts, ReleaseStatement, releaseStatement, subjectOf } from "./releaseStatement.ts";
