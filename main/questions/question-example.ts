import { english } from '../../native-models/english.ts'
import { ExpectedError } from '../../native-models/expected-error.ts'
import { answeringKinds } from '../api/common/rules.ts'
import type { VideoQuestion } from '../api/inspection/questions.ts'
import type { Task } from '../api/training/datasets.ts'
import type { RegisteredModel } from '../model-folder/model-file.ts'
import type { Example, ExampleContent } from '../training/data/examples/example.ts'

/** The task that a model was made for. @throws ExpectedError `model-kind` when it is none that answers. */
export function answeringTask({ id, record: { kind } }: RegisteredModel): Task {
  const task = answeringKinds.find(one => one === kind)
  if (task) return task
  throw new ExpectedError(
    'model-kind',
    `The model ‘${id}’ is of kind ${kind}, which answers no questions; choose one of these kinds: ${answeringKinds.join(', ')}.`,
  )
}

/**
 * A question about a whole video, as a row of the task has it.
 * @throws ExpectedError when the question is empty, or there are fewer than two answers to choose from.
 */
export function questionExample(task: Task, path: string, { question, answers }: VideoQuestion): Example {
  return {
    source: english`the question`,
    split: 'test',
    content: content(task, path, { question: question.trim(), answers }),
  }
}

function content(
  task: Task,
  path: string,
  { question, answers }: { readonly question: string; readonly answers: readonly string[] },
): ExampleContent {
  const video = { path, start: null, end: null }
  if (task === 'video-classification') return { type: 'class', video, label: 0 }
  if (question === '') throw new ExpectedError('empty-text', 'There is no question; write one.')
  if (task === 'qa-classification') return { type: 'question', video, question, subtitles: [], label: 0 }
  const given = answers.map(answer => answer.trim()).filter(Boolean)
  if (given.length < 2) {
    throw new ExpectedError(
      'question-answers',
      'This model chooses among answers that are given to it; give at least two.',
    )
  }
  return { type: 'choices', video, question, answers: given, subtitles: [], label: 0, span: null }
}
