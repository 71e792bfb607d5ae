/** A ward's process that becomes ready and ends at once. */
process.send?.({ kind: "ready" }, undefined, undefined, () => process.exit(7));
