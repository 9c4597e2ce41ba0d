import type { TextFile } from './text-file.ts'

/** One line of a text, without white space around it; `line` counts from 1. */
export interface TextLine {
  readonly line: number
  readonly said: string
}

/** The lines of a text that say something. */
export async function* textLines(text: TextFile): AsyncGenerator<TextLine> {
  let [line, rest] = [0, '']
  for await (const chunk of text.chunks()) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      line += 1
      if (part.trim() !== '') yield { line, said: part.trim() }
    }
  }
  if (rest.trim() !== '') yield { line: line + 1, said: rest.trim() }
}

/** Lines to look at before saying that a file is of another form: a first line may be broken. */
const linesToTry = 5

/** Whether one of the first lines of a text is of a form. @param remark lines that are not counted. */
export async function hasLineOf(text: TextFile, form: RegExp, remark?: RegExp): Promise<boolean> {
  let tried = 0
  for await (const { said } of textLines(text)) {
    if (remark?.test(said)) continue
    if (form.test(said)) return true
    if (++tried === linesToTry) return false
  }
  return false
}
