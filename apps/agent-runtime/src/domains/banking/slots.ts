/** `1,234.5` → cents. */
function centsOf(amount: string): string {
  return String(Math.round(Number(amount.replaceAll(",", "")) * 100));
}

/**
 * The details that a message names, by name; what it does not name is absent.
 * `counterparty` is whom a payment is with, `amount_cents` whole cents.
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
