/** A ward's process that exits before it can work. */
process.exit(1);
