/** What becomes of a download that is a model: it is registered and put into use. */
export interface Installation {
  /** As an import takes them. */
  readonly weights: string
  readonly config?: string
  readonly bertConfig?: string
  readonly vocab?: string
  readonly variant?: string
  readonly name?: string
  /** What the model says it was made of, where that is not the file itself. */
  readonly source?: string
}

/** The models of the workspace, as far as downloads deal with them. */
export interface Models {
  /** Registers a model. @returns its id. @throws ExpectedError when the files are no model. */
  register(installation: Installation, signal: AbortSignal): Promise<string>
  /** Makes it the one that indexes and searches. */
  use(id: string): Promise<void>
  list(): Promise<readonly { readonly id: string; readonly source: string }[]>
}
