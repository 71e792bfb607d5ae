import type { NoAccess } from "@signalbox/listener";
import { type Acceptance, acceptRequest, type ExportOutcome } from "../acceptRequest.ts";
import { exportAnswerProtobuf } from "../exportAnswer.ts";
import { letIn } from "../letIn.ts";
import { OTLP_SIGNALS } from "../otlpSignals.ts";
import type { GrpcMethod } from "./grpcListener.ts";
import { GRPC_CODES, type GrpcCode } from "./grpcStatus.ts";

const NO_ACCESS_CODES = {
  unauthenticated: GRPC_CODES.unauthenticated,
  ended: GRPC_CODES.unauthenticated,
  forbidden: GRPC_CODES.permissionDenied,
  rate_limited: GRPC_CODES.unavailable,
  unavailable: GRPC_CODES.unavailable,
} as const satisfies Record<NoAccess["kind"], GrpcCode>;

const REFUSAL_CODES = {
  malformed: GRPC_CODES.invalidArgument,
  too_large: GRPC_CODES.resourceExhausted,
  unavailable: GRPC_CODES.unavailable,
} as const satisfies Record<Exclude<ExportOutcome["kind"], "accepted">, GrpcCode>;

/**
 * The Export method of every OTLP signal. Requests are handled like those over HTTP, except that `acceptance` has a journal that waits for
 * room.
 */
export function otlpMethods(acceptance: Acceptance): GrpcMethod[] {
  return OTLP_SIGNALS.map(({ signal, method, sources }) => ({
    path: method,
    async admit(headers) {
      const access = await letIn({ get: (name) => [headers[name]].flat()[0] }, sources.grpc, acceptance);
      return access.kind === "granted" ? access : { kind: "refused", code: NO_ACCESS_CODES[access.kind], message: access.message };
    },
    async call({ compression, body }, project) {
      const request = { signal, source: sources.grpc, project, encoding: "protobuf", compression, body } as const;
      const outcome = await acceptRequest(request, acceptance);
      if (outcome.kind !== "accepted") return { code: REFUSAL_CODES[outcome.kind], message: outcome.message };
      return { code: GRPC_CODES.ok, answer: exportAnswerProtobuf(outcome.rejected) };
    },
    unread: (project, reason) => acceptance.refusals.countUnread(project, sources.grpc, reason),
    ended: (code) => acceptance.metrics.requests.inc({ source: sources.grpc, status: `grpc ${code}` }),
  }));
}
