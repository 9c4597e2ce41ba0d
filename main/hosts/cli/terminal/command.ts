import type { ParseArgsOptionsConfig } from 'node:util'
import type { CommandContext } from './session.ts'

export type OptionValues = Record<string, string | boolean | (string | boolean)[] | undefined>

/**
 * What a command prints: `json` is the whole document of `--json`, `text` the same for people. `exitCode` 1: it ran,
 * but its answer is no.
 */
export interface CommandResult {
  json: unknown
  text: string
  exitCode?: 0 | 1
}

export interface Command {
  /** One or two words: `index`, `model import`. */
  name: string
  /** The arguments as shown behind the name. */
  usage: string
  summary: string
  /** Options of this command alone; the global ones come with every command. */
  options: ParseArgsOptionsConfig
  /** One line per option: flag with value, and what it does. */
  help: [flag: string, meaning: string][]
  /** How many arguments without a flag it takes. */
  positionals: { least: number; most: number }
  /** Loaded when it is called, so that usage and mistakes answer at once. */
  load: () => Promise<(context: CommandContext) => Promise<CommandResult | null>>
}

/** Wrong words on the command line: exit code 2, with the usage of the command. */
export class UsageError extends Error {
  readonly command: Command | null

  constructor(message: string, command: Command | null = null) {
    super(message)
    this.name = 'UsageError'
    this.command = command
  }
}

export function text(values: OptionValues, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * A whole number from `least` to `most`; `fallback` when the option is not given, which is required if there is no
 * fallback.
 */
export function wholeNumber(
  values: OptionValues,
  name: string,
  range: { least: number; most?: number; fallback?: number },
): number {
  const { least, most = Number.MAX_SAFE_INTEGER, fallback } = range
  const given = text(values, name)
  if (given === undefined) {
    if (fallback !== undefined) return fallback
    throw new UsageError(`--${name} is required.`)
  }
  const value = Number(given)
  if (!/^\d+$/.test(given) || value < least || value > most) {
    throw new UsageError(
      `--${name} takes a whole number ${range.most === undefined ? `of at least ${least}` : `from ${least} to ${most}`}, not "${given}".`,
    )
  }
  return value
}

/** A number within limits, or undefined when the option is not given. */
export function number(
  values: OptionValues,
  name: string,
  { least = -Infinity, above = -Infinity }: { least?: number; above?: number },
): number | undefined {
  const given = text(values, name)
  if (given === undefined) return undefined
  const value = Number(given)
  if (given.trim() === '' || !Number.isFinite(value) || value < least || value <= above) {
    throw new UsageError(
      `--${name} takes a number ${above === -Infinity ? `of at least ${least}` : `above ${above}`}, not "${given}".`,
    )
  }
  return value
}

/** One of `choices`, or undefined when the option is not given. */
export function choice<T extends string>(values: OptionValues, name: string, choices: readonly T[]): T | undefined {
  const given = text(values, name)
  if (given === undefined) return undefined
  const found = choices.find(one => one === given)
  if (!found) throw new UsageError(`--${name} takes one of ${choices.join(', ')}, not "${given}".`)
  return found
}
