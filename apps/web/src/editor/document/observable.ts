/** A value that can be watched; the shape that `useSyncExternalStore` wants. */
export class Observable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): T => this.#value;

  /** Sets the value and calls the listeners synchronously; the same value is no change. */
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** Sets what `change` makes of the value. */
  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }
}
