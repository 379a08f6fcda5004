/** A memory of results that can be computed again: what was asked for lately stays. */
export interface RecentMap<V> {
  find(name: string): V | undefined;
  set(name: string, value: V): void;
  /** Forgets an entry; one that is not there is none. */
  delete(name: string): void;
}

/**
 * Makes a memory in two generations: a full one becomes the older one, and what is asked for there moves to the new one.
 * @param kept entries kept at least; at most twice as many are held
 */
export function createRecentMap<V extends {}>(kept: number): RecentMap<V> {
  let recent = new Map<string, V>();
  let older = new Map<string, V>();
  const set = (name: string, value: V): void => {
    if (recent.size >= kept) {
      older = recent;
      recent = new Map();
    }
    recent.set(name, value);
  };
  return {
    find(name) {
      const value = recent.get(name);
      if (value !== undefined) return value;
      const old = older.get(name);
      if (old !== undefined) set(name, old);
      return old;
    },
    set,
    delete(name) {
      recent.delete(name);
      older.delete(name);
    },
  };
}
