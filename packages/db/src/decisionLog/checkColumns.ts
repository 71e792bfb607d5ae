import type { Finding } from "@signalbox/model";
import type pg from "pg";
import { DECISION_COLUMNS } from "./chains/decisionRow.ts";

/**
 * Checks that the columns of decisions have the expected types: a value stored as another type is not what was
 * sealed, even if it looks the same. The table cannot change for the rest of the transaction, because it is in use.
 */
export async function checkColumns(client: pg.ClientBase): Promise<Finding[]> {
  const { fields } = await client.query(`SELECT ${DECISION_COLUMNS.map(([name]) => name).join(", ")} FROM public.decision LIMIT 0`);
  return DECISION_COLUMNS.filter(([, type], at) => fields[at]?.dataTypeID !== type).map(([name]) => {
    const message = `decision.${name} has another type than it was made with: no decision can be read as it was sealed`;
    return { kind: "entries", taskId: null, seq: null, checkpoint: null, message };
  });
}
