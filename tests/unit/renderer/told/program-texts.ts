import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A text of the program that a window shows, with `{}` for each value; of each value the texts that it may be. */
export interface ProgramText {
  readonly text: string
  readonly where: string
  readonly parts: readonly (readonly ProgramText[])[]
}

const root = join(import.meta.dirname, '../../../..')
/** Errors whose text is shown, by itself or as a part of another. */
const toldErrors = new Set([
  'ExpectedError',
  'Interruption',
  'MalformedCheckpoint',
  'MalformedError',
  'UncomputableTokenizer',
])
/** What is said on a command line or in a terminal only. */
const withoutWindow = /^main\/hosts\//

/** Every text of `main` and `native-models` that a window shows: of errors, and those marked with `english`. */
export function programTexts(): ProgramText[] {
  return ['main', 'native-models'].flatMap(room =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .map(name => `${room}/${name.replaceAll('\\', '/')}`)
      .filter(name => name.endsWith('.ts') && !withoutWindow.test(name))
      .sort()
      .map(name => ({ name, code: readFileSync(join(root, name), 'utf8') }))
      .filter(({ code }) => code.includes('english`') || [...toldErrors].some(error => code.includes(`new ${error}(`)))
      .flatMap(({ name, code }) => textsOf(name, code)),
  )
}

export function textsOf(name: string, code: string): ProgramText[] {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.Latest)
  const found: ProgramText[] = []
  const look = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && toldErrors.has(node.expression.getText(file))) {
      const text = node.arguments?.at(node.expression.getText(file) === 'ExpectedError' ? 1 : 0)
      if (text) found.push(...textsIn(text))
    } else if (isMarked(node)) {
      found.push(...textsIn(node))
    }
    ts.forEachChild(node, look)
  }
  look(file)
  return found

  function textsIn(expression: ts.Expression): ProgramText[] {
    return alternatives(expression).flatMap(one => {
      const pieces = piecesOf(one)
      const parts = pieces.filter(piece => typeof piece !== 'string').map(textsIn)
      const text = pieces.map(piece => (typeof piece === 'string' ? piece : '{}')).join('')
      const { line } = file.getLineAndCharacterOfPosition(one.getStart(file))
      return hasWords(text) ? [{ text, where: `${name}:${line + 1}`, parts }] : parts.flat()
    })
  }
}

/** A word, not a name of a codec or an ending of a file. */
const hasWords = (text: string): boolean => /\p{Ll}{2}/u.test(text)

function isMarked(node: ts.Node): node is ts.TaggedTemplateExpression {
  return ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === 'english'
}

function alternatives(expression: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(expression)) return alternatives(expression.expression)
  if (ts.isConditionalExpression(expression)) {
    return [...alternatives(expression.whenTrue), ...alternatives(expression.whenFalse)]
  }
  if (ts.isBinaryExpression(expression) && isChoice(expression.operatorToken.kind)) {
    return [...alternatives(expression.left), ...alternatives(expression.right)]
  }
  return [expression]
}

const isChoice = (kind: ts.SyntaxKind): boolean =>
  kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken

/** What a text is made of: words, and expressions for its values. None of what is no text. */
function piecesOf(expression: ts.Expression): (string | ts.Expression)[] {
  if (ts.isTaggedTemplateExpression(expression)) return isMarked(expression) ? piecesOf(expression.template) : []
  if (ts.isStringLiteralLike(expression)) return [expression.text]
  if (ts.isTemplateExpression(expression)) {
    const { head, templateSpans } = expression
    return [head.text, ...templateSpans.flatMap(span => [span.expression, span.literal.text])]
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [piecesOf(expression.left), piecesOf(expression.right)]
    return [...(left.length ? left : [expression.left]), ...(right.length ? right : [expression.right])]
  }
  return []
}
