import type { Command } from '../terminal/command.ts'
import { storyHelp, storyOptions } from './library/story-options.ts'
import { libraryCommands } from './library-commands.ts'
import { modelCommands } from './model-commands.ts'
import { device, flag, model, precision, string } from './shared-options.ts'
import { trainingCommands } from './training-commands.ts'
import { workerCommands } from './worker-commands.ts'

export const globalOptions = {
  workspace: string,
  store: string,
  json: flag,
  help: { type: 'boolean', short: 'h' },
} as const

export const globalHelp: Command['help'] = [
  ['--workspace DIR', "where everything is stored (default: the platform's data folder)"],
  ['--store URI', 'where embeddings are: a folder or s3://… (default: the setting, at first the workspace)'],
  ['--json', 'one JSON document on stdout and nothing else'],
  ['-h, --help', 'this text'],
]

/** The command line, one entry per command, in the order in which help lists them. */
export const commands: Command[] = [
  ...libraryCommands,
  ...modelCommands,
  ...trainingCommands,
  ...workerCommands,
  {
    name: 'doctor',
    usage: '[--report FILE [--overwrite]] [--no-paths]',
    summary: 'look at everything that the workbench stands on, and say what is not as it should be',
    options: { report: string, overwrite: flag, 'no-paths': flag },
    positionals: { least: 0, most: 0 },
    help: [
      ['--report FILE', 'write a report for somebody who helps: versions, devices, the last jobs and errors'],
      ['--overwrite', 'replace what is at FILE'],
      ['--no-paths', 'the report names no folders, files, users and titles'],
    ],
    load: async () => (await import('./doctor-command.ts')).doctor,
  },
  {
    name: 'devices',
    usage: '',
    summary: 'what the model can run on here, and why not on the rest',
    options: {},
    positionals: { least: 0, most: 0 },
    help: [],
    load: async () => (await import('./models/devices-command.ts')).devices,
  },
  {
    name: 'demo',
    usage: 'DIR [--stories N]',
    summary: 'make the demo library in a folder, or stories drawn from a seed',
    options: storyOptions,
    positionals: { least: 1, most: 1 },
    help: storyHelp,
    load: async () => (await import('./library/demo-command.ts')).demo,
  },
  {
    name: 'serve',
    usage: '',
    summary: 'serve the window to a browser and print its URL',
    options: { host: string, port: string, 'export-dir': string, model: string, device: string, precision: string },
    positionals: { least: 0, most: 0 },
    help: [
      ['--host HOST', 'address to listen on (default: 127.0.0.1)'],
      ['--port PORT', 'port to listen on (default: 4321, or a free one)'],
      ['--export-dir DIR', 'where the window may export to (default: exports in the workspace)'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./serve-command.ts')).serveWindow,
  },
]
