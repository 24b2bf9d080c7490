/** The element of a list that the algorithm knows to be there. A miss is a mistake in the compiler itself. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`internal: no element ${index} in a list of ${list.length}`);
  return found;
}

/** The entry of a map that the algorithm knows to be there. */
export function get<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const found = map.get(key);
  if (found === undefined) throw new Error('internal: a key without an entry');
  return found;
}
