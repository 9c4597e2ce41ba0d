import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { VectorStore } from '../retrieval/vectors/vectors.ts'

interface StoreChoice {
  /** Of this process only; where it cannot be used nothing else is. */
  readonly named: string | null
  /** Of the settings, which can only be changed when the workbench opens. */
  readonly set: string | null
  /** The folder of the workspace. */
  readonly own: string
  /** Bytes of vectors that may be kept in memory. */
  readonly memory: number
  readonly onProblem: (problem: string) => void
}

/**
 * Opens the vector store: where the process was told, where the settings say, or in the workspace.
 * @throws ExpectedError `store-unusable` for one that this process was told of.
 */
export async function openVectors({ named, set, own, memory, onProblem }: StoreChoice): Promise<VectorStore> {
  if (named !== null) return VectorStore.open(named, { shared: true, memory })
  if (set !== null) {
    try {
      return await VectorStore.open(set, { shared: true, memory })
    } catch (error) {
      const reason = error instanceof ExpectedError ? error.message : String(error)
      onProblem(english`${reason} Until then the embeddings of the workspace itself are used.`)
    }
  }
  return VectorStore.open(own, { memory })
}
