/** Ids are bytes in the table `spans` and lower-case hex digits everywhere else: these SQL parts lead from one to the other. */

/** The digits of an id's column. */
export const hexOf = (column: string): string => `lower(hex(${column}))`;

/** The digits of a parent's id, empty for none. */
export const parentHexOf = (column: string): string => `if(${isRoot(column)}, '', ${hexOf(column)})`;

/** The condition that a span has no parent. */
export const isRoot = (column = "parent_span_id"): string => `${column} = toFixedString('', 8)`;

/** An id that is bound as its digits. What is no id finds nothing. */
export const boundId = (name: string): string => `unhex({${name}:String})`;

/**
 * Trace ids that are bound as their digits, of the column's own type: in a set of plain strings one that ends in a zero byte is not found.
 */
export const boundIds = (name: string): string =>
  `(SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = 32, {${name}:Array(String)}))), 16))`;
