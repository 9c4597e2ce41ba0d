import { deviceChoice, precisionChoice } from '../../../api/engine.ts'
import type { Command } from '../terminal/command.ts'

export const string = { type: 'string' } as const
export const flag = { type: 'boolean' } as const
export const unlimited = Number.POSITIVE_INFINITY

export const device: Command['help'][number] = [
  `--device ${deviceChoice.options.join('|')}`,
  'where the model runs (default: the setting, at first auto)',
]
export const precision: Command['help'][number] = [
  `--precision ${precisionChoice.options.join('|')}`,
  'what the model computes in (default: the setting, at first auto)',
]
export const model: Command['help'][number] = ['--model ID', 'the model to use (default: the one in use)']
