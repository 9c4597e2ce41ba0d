import { MalformedCheckpoint, shown } from '../files/malformed-checkpoint.ts'

/**
 * Modules of Python whose functions run programs, load code or reach out of the process; a class of data is in none of
 * them.
 */
const harmfulModules = new Set([
  'os',
  'posix',
  'nt',
  'subprocess',
  'commands',
  'popen2',
  'pty',
  'sys',
  'runpy',
  'importlib',
  'imp',
  'pkgutil',
  'ctypes',
  '_ctypes',
  'cffi',
  'socket',
  '_socket',
  'socketserver',
  'http',
  'urllib',
  'requests',
  'httpx',
  'ftplib',
  'smtplib',
  'shutil',
  'webbrowser',
  'code',
  'codeop',
  'pdb',
  'bdb',
  'timeit',
  'trace',
  'profile',
  'cProfile',
  'pickle',
  '_pickle',
  'cPickle',
  'dill',
  'cloudpickle',
  'marshal',
  'shelve',
  'pip',
  'setuptools',
])
/** Functions elsewhere that do. */
const harmfulFunctions = new Set([
  ...['builtins', '__builtin__'].flatMap(module =>
    ['eval', 'exec', 'execfile', 'compile', 'open', '__import__', 'input', 'breakpoint', 'apply'].map(
      name => `${module}.${name}`,
    ),
  ),
  'torch.load',
  'torch.storage._load_from_bytes',
  'torch.serialization.load',
  'torch.jit.load',
  'torch.hub.load',
  'numpy.load',
  'numpy.lib.npyio.load',
  'numpy.testing._private.utils.runstring',
  'types.FunctionType',
  'types.CodeType',
  'asyncio.create_subprocess_shell',
  'asyncio.create_subprocess_exec',
])

/**
 * Names that a pickle calls to do harm where it is executed. Here nothing is ever executed: the check is there so that
 * a user is told of an attack, and does not load the file elsewhere.
 * @throws MalformedCheckpoint naming it.
 */
export function assertHarmless(name: string): void {
  const [module = ''] = name.split('.', 1)
  if (harmfulModules.has(module) || harmfulFunctions.has(name)) {
    throw new MalformedCheckpoint(
      `it refers to ${shown(name)}, which runs programs or code when the file is loaded in Python; nothing of it was run, do not load it elsewhere`,
    )
  }
}
