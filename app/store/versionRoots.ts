/** The hashes of one version. */
export interface VersionRoots {
  readonly version: bigint;
  readonly appHash: Uint8Array;
  /** Root by store name, in the order of the names' bytes. */
  readonly roots: ReadonlyMap<string, Uint8Array>;
}
