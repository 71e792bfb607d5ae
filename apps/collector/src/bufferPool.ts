/**
 * Reuses buffers that are allocated and freed all the time. The runtime counts an unused buffer until it has scanned the whole heap, and
 * scans sooner the more of them there are; reuse avoids most of that (docs/adr/005-columns-from-wire-bytes.md has the measurement). Keeps
 * at most `bytesMax` bytes for later.
 */
export class BufferPool {
  readonly #bytesMax: number;
  /** Unused buffers by size, which is a power of two. */
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** A buffer of `bytes` bytes that still holds the contents of its last use. */
  take(bytes: number): Buffer {
    const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, 1)));
    const whole = this.#free.get(size)?.pop();
    if (whole === undefined) return Buffer.allocUnsafeSlow(size).subarray(0, bytes);
    this.#freeBytes -= size;
    return whole.subarray(0, bytes);
  }

  /** Takes back a buffer from `take`: neither it nor a part of it may be read afterwards. */
  giveBack({ buffer }: Buffer): void {
    const size = buffer.byteLength;
    if (this.#freeBytes + size > this.#bytesMax) return;
    this.#freeBytes += size;
    const others = this.#free.get(size);
    if (others === undefined) this.#free.set(size, [Buffer.from(buffer)]);
    else others.push(Buffer.from(buffer));
  }
}
