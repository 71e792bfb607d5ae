import { setImmediate as letOthersRun } from "node:timers/promises";
import { requireDimensions, unitVector } from "../unitVector.ts";
import type { VectorFilter, VectorMatch, VectorQuery, VectorRecord } from "../vectorStore.ts";
import { Graph } from "./graph.ts";
import { Matrix } from "./matrix.ts";
import { Nearest } from "./nearest.ts";

/**
 * Up to this number, vectors are compared one by one, which takes about
 * a millisecond and misses none; beyond it a graph finds most of them.
 */
const SCAN_ROWS_MAX = 5_000;

/** The rows added to the graph before other work gets a turn: some milliseconds. */
const ROWS_PER_TURN = 16;

/** The number of candidates requested from the graph per wanted match, since it compares them in half precision. */
const CANDIDATES_PER_MATCH = 2;

type Kept = Pick<VectorRecord, "id" | "attributes">;

function passes({ attributes }: Kept, filter: VectorFilter | undefined): boolean {
  if (filter === undefined) return true;
  return Object.entries(filter).every(([name, values]) => values.includes(attributes[name] ?? ""));
}

function isSame(kept: Kept, record: VectorRecord, row: Float32Array, unit: Float32Array): boolean {
  const names = Object.keys(kept.attributes);
  return (
    names.length === Object.keys(record.attributes).length &&
    names.every((name) => kept.attributes[name] === record.attributes[name]) &&
    row.every((value, at) => value === unit[at])
  );
}

/**
 * The vectors of a namespace in memory. Rows are only ever appended; replaced and deleted ones stay, hidden, until they
 * are half of all. Rows that the graph does not have yet are compared one by one, so that writes are found at once.
 */
export class Namespace {
  readonly dimensions: number;
  #matrix: Matrix;
  /** The record of each row; undefined for a row that was replaced or deleted. */
  #records: (Kept | undefined)[] = [];
  #graph: Graph | undefined;
  readonly #rowOf = new Map<string, number>();
  #growing: Promise<void> = Promise.resolve();

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#matrix = new Matrix(dimensions);
  }

  async upsert(records: readonly VectorRecord[]): Promise<void> {
    const units = records.map(({ vector }) => {
      requireDimensions(vector, this.dimensions);
      return unitVector(vector);
    });
    for (const [at, record] of records.entries()) this.#put(record, units[at] as Float32Array);
    await this.#settle();
  }

  async delete(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#forget(id);
    await this.#settle();
  }

  search({ vector, limit, filter }: VectorQuery): VectorMatch[] {
    requireDimensions(vector, this.dimensions);
    const unit = unitVector(vector);
    const nearest = new Nearest(limit);
    for (const row of this.#rowsToCompare(unit, limit, filter)) nearest.offer(row, this.#matrix.dot(row, unit));
    return nearest.found.map(({ row, score }) => ({ id: (this.#records[row] as Kept).id, score }));
  }

  #put(record: VectorRecord, unit: Float32Array): void {
    const row = this.#rowOf.get(record.id);
    const kept = row === undefined ? undefined : this.#records[row];
    if (row !== undefined && kept !== undefined && isSame(kept, record, this.#matrix.row(row), unit)) return;
    this.#forget(record.id);
    const { id, attributes } = record;
    this.#rowOf.set(id, this.#matrix.push(unit));
    this.#records.push({ id, attributes });
  }

  #forget(id: string): void {
    const row = this.#rowOf.get(id);
    if (row === undefined) return;
    this.#records[row] = undefined;
    this.#rowOf.delete(id);
  }

  /** The rows that may be among the nearest. */
  #rowsToCompare(unit: Float32Array, limit: number, filter: VectorFilter | undefined): readonly number[] {
    const graph = this.#graph;
    const isWanted = (row: number): boolean => {
      const record = this.#records[row];
      return record !== undefined && passes(record, filter);
    };
    const from = (first: number): number[] => {
      const rows: number[] = [];
      for (let row = first; row < this.#records.length; row += 1) if (isWanted(row)) rows.push(row);
      return rows;
    };
    if (graph === undefined) return from(0);
    const wanted = filter === undefined ? undefined : from(0);
    if (wanted !== undefined && wanted.length <= SCAN_ROWS_MAX) return wanted;
    // As many more candidates as rows are hidden or filtered out, so that enough of them pass.
    const share = (wanted?.length ?? this.#rowOf.size) / this.#records.length;
    const candidates = graph.candidates(unit, Math.ceil((limit * CANDIDATES_PER_MATCH) / share)).filter(isWanted);
    return candidates.length < limit ? from(0) : [...candidates, ...from(graph.rows)];
  }

  /** Compacts memory and extends the graph, one call after another, in slices that let other work proceed. */
  #settle(): Promise<void> {
    this.#growing = this.#growing.then(() => this.#grow());
    return this.#growing;
  }

  async #grow(): Promise<void> {
    if (this.#records.length > 2 * this.#rowOf.size) this.#compact();
    if (this.#rowOf.size <= SCAN_ROWS_MAX && this.#graph === undefined) return;
    const graph = this.#graph ?? new Graph(this.dimensions);
    while (graph.rows < this.#matrix.rows) {
      graph.extend(this.#matrix, ROWS_PER_TURN);
      await letOthersRun();
    }
    this.#graph = graph;
  }

  #compact(): void {
    const matrix = new Matrix(this.dimensions, Math.max(16, this.#rowOf.size));
    const records: (Kept | undefined)[] = [];
    for (const [row, record] of this.#records.entries()) {
      if (record === undefined) continue;
      this.#rowOf.set(record.id, matrix.push(this.#matrix.row(row)));
      records.push(record);
    }
    this.#matrix = matrix;
    this.#records = records;
    this.#graph = undefined;
  }
}
