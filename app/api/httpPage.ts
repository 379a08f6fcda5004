/** An answer that is no protocol message: health, metrics. */
export interface HttpAnswer {
  readonly status: number;
  /** Media type. */
  readonly contentType: string;
  readonly body: string;
}

/** Answers GET of one path. @param search what stands behind the `?`, parsed */
export type HttpPage = (search: URLSearchParams) => Promise<HttpAnswer>;

/** Pages by their path, such as `/livez`. */
export type HttpPages = ReadonlyMap<string, HttpPage>;
