/** Where something stands in a text: its first character and the one behind its last. */
export type Place = readonly [start: number, end: number];

/** Finds what must not be stored, in the order of the text. */
export type FindPlaces = (text: string) => Place[];
