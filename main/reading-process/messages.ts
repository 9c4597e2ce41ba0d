import type { ErrorCode } from '../../native-models/error-codes.ts'
import type { ReadingTasks } from './tasks.ts'

export type TaskName = keyof ReadingTasks
export type TaskInput<Name extends TaskName> = Parameters<ReadingTasks[Name]>[0]
export type TaskResult<Name extends TaskName> = Awaited<ReturnType<ReadingTasks[Name]>>

export interface Order {
  readonly task: TaskName
  readonly input: unknown
}

/** `alive`: work has begun or got on; anything else ends it. */
export type Answer =
  | { readonly kind: 'alive' }
  | { readonly kind: 'result'; readonly value: unknown }
  /** `code`: of a failure that the user can do something about; null for a bug. */
  | { readonly kind: 'failure'; readonly code: ErrorCode | null; readonly message: string }
