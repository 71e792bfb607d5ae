/** Ids are bytes in the table `spans` and lower-case hex digits everywhere else: these SQL parts convert between the two. */

/** An id column as hex digits. */
export const hexOf = (column: string): string => `lower(hex(${column}))`;

/** A parent id as hex digits, empty for none. */
export const parentHexOf = (column: string): string => `if(${isRoot(column)}, '', ${hexOf(column)})`;

/** The condition that a span has no parent. */
export const isRoot = (column = "parent_span_id"): string => `${column} = toFixedString('', 8)`;

/** An id bound as hex digits. Anything that is not an id matches nothing. */
export const boundId = (name: string): string => `unhex({${name}:String})`;

/** Ids bound as hex digits, in the column's own type: in a set of plain strings, an id that ends in a zero byte would not be found. */
const boundSet = (name: string, bytes: number): string =>
  `(SELECT toFixedString(unhex(arrayJoin(arrayFilter(id -> length(id) = ${2 * bytes}, {${name}:Array(String)}))), ${bytes}))`;

export const boundIds = (name: string): string => boundSet(name, 16);

export const boundSpanIds = (name: string): string => boundSet(name, 8);
