/** A range in a text: its first character, and the one after its last. */
export type Place = readonly [start: number, end: number];

/** Finds the ranges that must not be stored, in the order of the text. */
export type FindPlaces = (text: string) => Place[];
