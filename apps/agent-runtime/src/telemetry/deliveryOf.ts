import type { Delivery, OwedTelemetry } from "@signalbox/db/prisma";
import type { OutboxItem, Sent } from "./outboxBatches.ts";

/** Items of one kind with the result of sending them. */
export type Sending = { items: readonly OutboxItem<unknown>[]; sent: Sent<unknown> };

type Account = { left: number; decisions: number[]; spans: number[]; reason: string | null };

/** The result for each row of the outbox: a row is done once nothing of it is left to send, and refused items are kept. */
export function deliveryOf(owed: readonly Pick<OwedTelemetry, "id">[], sendings: { decisions: Sending; spans: Sending }): Delivery {
  const accounts = new Map(owed.map(({ id }): [bigint, Account] => [id, { left: 0, decisions: [], spans: [], reason: null }]));
  const account = (id: bigint): Account => {
    const known = accounts.get(id);
    if (known === undefined) throw new TypeError(`no row ${id} was taken`);
    return known;
  };
  for (const kind of ["decisions", "spans"] as const) {
    const { items, sent } = sendings[kind];
    for (const { id } of items) account(id).left += 1;
    for (const { id } of sent.delivered) account(id).left -= 1;
    for (const { item, reason } of sent.refused) {
      const of = account(item.id);
      of.left -= 1;
      of.reason = reason;
      of[kind].push(item.position);
    }
  }
  const done = [...accounts].filter(([, { left }]) => left === 0);
  return {
    delivered: done.flatMap(([id, { reason }]) => (reason === null ? [id] : [])),
    refused: done.flatMap(([id, { reason, decisions, spans }]) => (reason === null ? [] : [{ id, reason, decisions, spans }])),
  };
}
