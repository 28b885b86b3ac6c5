/** Snapshots of a value: undo and redo, at most `limit` steps back. */
export class History<T> {
  #past: T[] = [];
  #future: T[] = [];

  constructor(
    public now: T,
    private readonly limit = 100,
  ) {}

  /** A new state; what was undone is forgotten. With `same`, it replaces the present one (a drag is one step). */
  put(value: T, same = false): void {
    if (!same) this.#past = [...this.#past, this.now].slice(-this.limit);
    this.#future = [];
    this.now = value;
  }

  undo(): boolean {
    const before = this.#past.pop();
    if (before === undefined) return false;
    this.#future.push(this.now);
    this.now = before;
    return true;
  }

  redo(): boolean {
    const after = this.#future.pop();
    if (after === undefined) return false;
    this.#past.push(this.now);
    this.now = after;
    return true;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }
}
