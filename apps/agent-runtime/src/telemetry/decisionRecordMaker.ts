import { ROOT_CONTEXT, SeverityNumber, TraceFlags, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { DECISION_EVENT, type Decision, KEYS, spanIdOf } from "@signalbox/model";
import { SERVICES, VERSION } from "../identity.ts";
import { SCOPE } from "./spanMaker.ts";

/**
 * Builds OpenTelemetry log records of decisions: the event has a name, the body is the decision's JSON. The same decision always gives the
 * same record.
 */
export function openDecisionRecordMaker(): (decision: Decision) => ReadableLogRecord {
  const made: ReadableLogRecord[] = [];
  const nothing = async (): Promise<void> => undefined;
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ [KEYS.serviceName]: SERVICES.worker, [KEYS.serviceVersion]: VERSION }),
    processors: [{ onEmit: (record) => made.push(record), forceFlush: nothing, shutdown: nothing }],
  });
  const logger = provider.getLogger(SCOPE, VERSION);

  return (decision) => {
    const { traceId, spanId, taskId } = decision;
    const time = new Date(decision.time);
    logger.emit({
      eventName: DECISION_EVENT,
      severityNumber: SeverityNumber.INFO,
      timestamp: time,
      observedTimestamp: time,
      body: JSON.stringify(decision),
      attributes: { [KEYS.taskId]: taskId },
      context: trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: spanId ?? spanIdOf(taskId, 0), traceFlags: TraceFlags.SAMPLED }),
    });
    const record = made.pop();
    if (record === undefined) throw new TypeError("the SDK kept no log record");
    return record;
  };
}
