// Free rows and slots: what is given back last is used first.

/** A stack of 32-bit numbers beside the memory that they name, so that neither giving back nor taking touches that memory, which is cold. */
export class IdStack {
  private ids = new Int32Array(16);
  private count = 0;

  /** Puts `id` on top. */
  push(id: number): void {
    if (this.count === this.ids.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.ids);
      this.ids = larger;
    }
    this.ids[this.count++] = id;
  }

  /** Takes the top as a signed number; 0, which names nothing, when there is none. */
  pop(): number {
    return this.count === 0 ? 0 : (this.ids[--this.count] as number);
  }
}
