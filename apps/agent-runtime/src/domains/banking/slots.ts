/** `1,234.5` → the amount in cents. */
function centsOf(amount: string): string {
  return String(Math.round(Number(amount.replaceAll(",", "")) * 100));
}

/**
 * The slots found in a message, by name; missing ones are absent. `counterparty` is the other party of a payment, `amount_cents` a whole
 * number of cents.
 */
export function findSlots(message: string): Record<string, string> {
  const amount = /€\s?(\d[\d,]*(?:\.\d{1,2})?)|\b(\d[\d,]*(?:\.\d{1,2})?) ?(?:euros?|EUR)\b/i.exec(message);
  const said = amount?.[1] ?? amount?.[2];
  const found: Record<string, string | undefined> = {
    customer_id: /\bC-\d{5}\b/.exec(message)?.[0],
    security_word: /\bsecurity word(?: is)?:? ([a-z]+)\b/i.exec(message)?.[1]?.toLowerCase(),
    last_four: /\bending(?: in)? (\d{4})\b/i.exec(message)?.[1],
    counterparty: /\b(?:to|from|at|with|by) ([A-Z][\w&']*(?: [A-Z][\w&']*)*)/.exec(message)?.[1],
    amount_cents: said === undefined ? undefined : centsOf(said),
    mishap: /\b(stolen|stole|robbed)\b/i.test(message) ? "stolen" : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter((slot): slot is [string, string] => slot[1] !== undefined));
}
