export { type Agreement, agreementOf, type PersonAnswer } from "./agreement.ts";
export { queueAgreement } from "./queueAgreement.ts";
