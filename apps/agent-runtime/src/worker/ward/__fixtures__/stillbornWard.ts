/** A ward's process that is gone before it can work. */
process.exit(1);
