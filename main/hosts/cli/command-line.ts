import { parseArgs } from 'node:util'
import { commands, globalHelp, globalOptions } from './commands/commands.ts'
import { UsageError } from './terminal/command.ts'
import type { Command, OptionValues } from './terminal/command.ts'

export type CommandLine =
  | { kind: 'help'; command: Command | null }
  | { kind: 'run'; command: Command; values: OptionValues; positionals: string[] }

/** Reads the words behind the program's name; global options may stand anywhere. Throws UsageError. */
export function readCommandLine(words: string[]): CommandLine {
  const { name, rest } = takeName(words)
  if (name === null) {
    if (rest.includes('--help') || rest.includes('-h')) return { kind: 'help', command: null }
    throw new UsageError(rest.length > 0 ? `A command is missing before ${rest[0]}.` : 'A command is missing.')
  }
  const command = commands.find(one => one.name === name)
  if (!command) throw new UsageError(`There is no command "${name}".`)

  const { values, positionals } = parse(command, rest)
  if (values.help === true) return { kind: 'help', command }
  const { least, most } = command.positionals
  if (positionals.length < least) throw new UsageError(`${command.name} needs ${command.usage}.`, command)
  if (positionals.length > most) throw new UsageError(`${command.name} does not take "${positionals[most]}".`, command)
  return { kind: 'run', command, values, positionals }
}

function parse(command: Command, rest: string[]): { values: OptionValues; positionals: string[] } {
  try {
    return parseArgs({
      args: rest,
      options: { ...globalOptions, ...command.options },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    // Node explains in several sentences; the first says what is wrong.
    throw new UsageError(`${(error as Error).message.split(/\.\s|\.$/)[0]}.`, command)
  }
}

/** First words of commands of two, and what may follow. */
const twoWords: Readonly<Record<string, string>> = {
  model: 'import, download, list, info, verify, export or remove',
  dataset: 'check, export or hd-vila',
}

/** Options that may stand before the command and have a value behind them. */
const globalWithValue = new Set(['--workspace', '--store'])

/** Takes the one or two words of the command out of the line. */
function takeName(words: string[]): { name: string | null; rest: string[] } {
  const at = words.findIndex((word, index) => !word.startsWith('-') && !globalWithValue.has(words[index - 1] ?? ''))
  const first = words[at]
  if (first === undefined) return { name: null, rest: words }
  const rest = words.toSpliced(at, 1)
  const ofTwoWords = twoWords[first]
  if (ofTwoWords === undefined) return { name: first, rest }
  const second = rest[at]
  if (second === undefined || second.startsWith('-')) {
    if (rest.includes('--help') || rest.includes('-h')) return { name: null, rest }
    throw new UsageError(`${first} needs ${ofTwoWords} behind it.`)
  }
  return { name: `${first} ${second}`, rest: rest.toSpliced(at, 1) }
}

/** The help text: of all commands, or of one. */
export function usage(command: Command | null): string {
  if (!command) {
    return [
      'Usage: lfvila COMMAND [ARGUMENTS]',
      '',
      aligned(commands.map(one => [`${one.name} ${one.usage}`.trim(), one.summary])),
      '',
      'Options of every command:',
      aligned(globalHelp),
      '',
      'lfvila COMMAND --help tells more about one. Exit code: 0 done, 2 wrong usage, 1 anything else.',
    ].join('\n')
  }
  return [
    `Usage: lfvila ${command.name} ${command.usage} [OPTIONS]`,
    '',
    `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`,
    '',
    aligned([...command.help, ...globalHelp]),
  ].join('\n')
}

/** Columns of the widest line, and of the names that share a line with what they mean. */
const [lineWidth, nameWidth] = [100, 30]

/** Names and what they mean side by side; a long name has a line of its own. */
function aligned(rows: [string, string][]): string {
  const width = Math.min(nameWidth, Math.max(...rows.map(([left]) => left.length)))
  const margin = ' '.repeat(width + 4)
  return rows
    .flatMap(([name, meaning]) => {
      const [first = '', ...more] = wrapped(name, lineWidth - 6, /(?<=[ |])/)
      const [said = '', ...rest] = wrapped(meaning, lineWidth - margin.length, /(?<= )/)
      const below = rest.map(line => margin + line)
      return more.length === 0 && first.length <= width
        ? [`  ${first.padEnd(width)}  ${said}`, ...below]
        : [`  ${first}`, ...more.map(line => `      ${line}`), margin + said, ...below]
    })
    .join('\n')
}

/** Lines of at most so many columns, broken only where the pattern matches. */
function wrapped(text: string, columns: number, breaks: RegExp): string[] {
  const lines: string[] = []
  let line = ''
  for (const part of text.split(breaks)) {
    if (line !== '' && line.length + part.trimEnd().length > columns) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += part
  }
  return [...lines, line.trimEnd()]
}
