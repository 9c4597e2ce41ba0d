import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lfvila } from '../e2e/support/product.ts'
import { folderOfFile, folderOfTest } from '../support/folders.ts'
import { text, torchZip } from '../support/models/pickles.ts'
import { thorough } from '../support/sample.ts'
import { drawVideo } from '../support/videos/ffmpeg.ts'
import { DesktopApp } from './desktop-app.ts'

const workspace = folderOfFile('desktop')
let app: DesktopApp

beforeAll(async () => {
  // A workspace that is not new gets no demo library, which would be drawn and indexed beside the tests.
  await lfvila(workspace, 'model', 'list')
  app = new DesktopApp(workspace)
  await app.until(state => state.menuReady)
})
afterAll(async () => {
  app.kill()
})

const page = 'app://workbench/#/library'

describe('the window', () => {
  it('is isolated, sandboxed and without Node', async () => {
    const [window] = (await app.do('state')).windows
    expect(window?.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
    })
  })

  it('asks for nothing that loosens it', async () => {
    const [window] = (await app.do('state')).windows
    const asked = Object.keys(window?.options.webPreferences ?? {})
    for (const loose of ['allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures', 'plugins']) {
      expect(asked).not.toContain(loose)
    }
  })

  it('has the preload that the build made', async () => {
    const [window] = (await app.do('state')).windows
    const preload = String(window?.options.webPreferences?.preload)
    expect((await stat(preload)).isFile()).toBe(true)
    expect(preload).toMatch(/\.cjs$/)
  })

  it('shows our page, once it can be painted', async () => {
    const state = await app.until(now => now.windows[0]?.visible === true)
    expect(state.windows).toHaveLength(1)
    expect(state.windows[0]?.options.show).toBe(false)
    expect(state.windows[0]?.loaded[0]).toBe('app://workbench/')
  })

  it('keeps its data in the workspace', async () => {
    expect((await app.do('state')).userData).toBe(join(workspace, 'electron'))
  })
})

describe('the protocols', () => {
  it('are registered before Electron is ready, media as a stream', async () => {
    const { schemes, schemesBeforeReady } = await app.do('state')
    expect(schemesBeforeReady).toBe(true)
    expect(schemes.find(one => one.scheme === 'app')?.privileges).toMatchObject({ standard: true, secure: true })
    expect(schemes.find(one => one.scheme === 'media')?.privileges).toMatchObject({
      standard: true,
      secure: true,
      stream: true,
      supportFetchAPI: true,
    })
    expect(schemes.some(one => one.privileges.bypassCSP)).toBe(false)
  })

  it('serve the built window under a strict policy', async () => {
    const answer = await app.do('request', 'app://workbench/')
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' },
    })
    expect(answer.body).toContain('<div id="app">')
    const rules = answer.headers['content-security-policy']?.split('; ')
    expect(rules).toContain("default-src 'none'")
    expect(rules).toContain("script-src 'self'")
    expect(rules).toContain("frame-ancestors 'none'")
    expect(answer.headers['content-security-policy']).not.toMatch(/http|unsafe-eval|script-src[^;]*unsafe-inline/)
  })

  it.each([
    'app://workbench/../../package.json',
    'app://workbench/%2e%2e/main/electron.js',
    'app://other/',
    'app://workbench/nothing',
  ])('serve nothing else: %s', async url => {
    expect((await app.do('request', url)).status).toBe(404)
  })

  it('answer ranges of a video, byte for byte as in the file', async () => {
    const folder = join(workspace, 'opened')
    await drawVideo(join(folder, 'one.mp4'), 'testsrc=size=160x96:rate=10:duration=2', ['-pix_fmt', 'yuv420p'])
    await app.do('pickNext', folder)
    await app.do('menu', 'File', 'Open Folder…')
    await expect
      .poll(async () => (await app.do('request', 'media://workbench/video/1', { range: 'bytes=0-0' })).status, {
        timeout: 90_000,
        interval: 100,
      })
      .toBe(206)
    const part = await app.do('request', 'media://workbench/video/1', { range: 'bytes=4-11' })
    expect(part.status).toBe(206)
    expect(part.headers['content-range']).toMatch(/^bytes 4-11\/\d+$/)
    expect(part.headers['access-control-allow-origin']).toBe('app://workbench')
    // Bytes 4 to 7 of an MP4 name its first box.
    expect(part.body).toHaveLength(8)
    expect(part.body.slice(0, 4)).toBe('ftyp')
    const size = Number(part.headers['content-range']?.split('/')[1])
    expect((await app.do('request', 'media://workbench/video/1', { range: `bytes=${size}-` })).status).toBe(416)
  })

  it.each([
    'media://workbench/../../etc/passwd',
    'media://workbench/video/..%2f..%2fetc%2fpasswd',
    'media://workbench/video/999999',
    'media://other/video/1',
  ])('know videos only by their number: %s', async url => {
    expect((await app.do('request', url)).status).toBe(404)
  })
})

describe('the handshake', () => {
  it('gives our page its procedures, again after a reload', async () => {
    for (let time = 0; time < 2; time++) {
      expect(await app.do('connect', page, 'top')).toMatchObject({ host: 'electron', workspace, nativeDialogs: true })
    }
  })

  it.each([
    ['another page', 'https://evil.example/', 'top'],
    ['a page whose address begins like ours', 'app://workbench.evil.example/', 'top'],
    ['a page of another scheme', 'file:///tmp/index.html', 'top'],
    ['a frame inside our page', page, 'frame'],
    ['a frame that is gone', page, 'gone'],
  ] as const)('refuses %s', async (_, url, place) => {
    expect(await app.do('connect', url, place)).toBe('refused')
  })
})

describe('the page', () => {
  it('cannot lead away; https links open in the system browser', async () => {
    expect(await app.do('navigate', 'https://arxiv.org/abs/2210.06031')).toEqual({
      navigation: 'refused',
      redirect: 'refused',
      window: 'deny',
    })
    const before = (await app.do('state')).openedOutside
    expect(new Set(before)).toEqual(new Set(['https://arxiv.org/abs/2210.06031']))
    for (const url of [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'http://plain.example/',
      'smb://server/share',
      'app://workbench.evil.example/',
    ]) {
      expect(await app.do('navigate', url), url).toEqual({ navigation: 'refused', redirect: 'refused', window: 'deny' })
    }
    expect((await app.do('state')).openedOutside).toEqual(before)
  })

  it('can move among its own pages', async () => {
    expect(await app.do('navigate', 'app://workbench/#/search')).toMatchObject({
      navigation: 'allowed',
      window: 'deny',
    })
  })

  it('cannot attach a webview', async () => {
    expect(await app.do('attachWebview')).toBe('refused')
  })

  it('is granted nothing but copying and full screen', async () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'display-capture',
      'clipboard-read',
      'openExternal',
      'usb',
      'serial',
      'hid',
      'fileSystem',
    ]) {
      expect(await app.do('permission', permission, page), permission).toEqual({
        request: false,
        check: false,
        device: false,
      })
    }
    expect(await app.do('permission', 'fullscreen', page)).toMatchObject({ request: true, check: true })
    expect(await app.do('permission', 'fullscreen', 'https://evil.example/')).toMatchObject({
      request: false,
      check: false,
    })
  })

  it('reaches no network', async () => {
    const { blocked } = await app.do('state')
    expect(blocked?.cancels).toBe(true)
    expect(blocked?.urls).toEqual(expect.arrayContaining(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']))
  })
})

describe('the menu', () => {
  it('opens a folder', async () => {
    const folder = folderOfTest('folder')
    await app.do('pickNext', folder)
    await app.do('menu', 'File', 'Open Folder…')
    await expect.poll(() => folderPaths(), { timeout: 10_000 }).toContain(folder)
  })

  it('goes to a page', async () => {
    await app.do('menu', 'Go', 'Attention')
    await app.until(state => state.windows[0]?.loaded.at(-1) === 'app://workbench/#/attention')
  })

  it('changes the theme', async () => {
    await app.do('menu', 'View', 'Theme', 'Light')
    await expect
      .poll(async () => JSON.parse(await readFile(join(workspace, 'settings.json'), 'utf8')).theme, { timeout: 10_000 })
      .toBe('light')
  })
})

it('runs the engine in a utility process of its own', async () => {
  const { forked } = await app.until(state => state.forked.length > 0, 60_000)
  expect(forked[0]).toMatchObject({
    serviceName: 'LF-VILA engine',
    entry: expect.stringMatching(/out[/\\]main[/\\]engine\.js$/),
  })
})

it('reads what strangers wrote in a utility process that the program ends', async () => {
  const [checkpoint, config] = [join(workspace, 'attack.bin'), join(workspace, 'config.json')]
  await writeFile(checkpoint, torchZip(`cposix\nsystem\n(${text('id')}tR.`))
  await writeFile(config, '{}')
  expect(await app.do('importModel', checkpoint, config)).toMatch(/attack\.bin is not .*refers to posix\.system/)
  const readers = async () => (await app.do('state')).forked.filter(one => one.serviceName === 'LF-VILA reader')
  expect(await readers()).toContainEqual({
    entry: expect.stringMatching(/out[/\\]main[/\\]reading\.js$/),
    serviceName: 'LF-VILA reader',
    // Chromium's switch: V8 gets its flags through it.
    execArgv: ['--js-flags=--max-old-space-size=1024'],
    pid: expect.any(Number),
  })

  // Takes a reader of YAML many seconds, in which it hears no message. Given up later and later, until it has begun.
  const [{ pid } = { pid: undefined }] = (await readers()).filter(one => isRunning(one.pid))
  expect(pid).toBeGreaterThan(0)
  const endless = join(workspace, 'endless.yaml')
  await writeFile(endless, '? '.repeat(30_000))
  for (let after = 500; isRunning(pid); after *= 2) {
    expect(after).toBeLessThan(300_000)
    expect(await app.do('abandonImport', endless, after)).toBe('given up')
    await delay(500)
  }
})

it('a second start brings the window to the front', async () => {
  await app.do('minimise')
  await app.do('startAgain')
  await app.until(
    state => state.windows.length === 1 && state.windows[0]?.minimised === false && state.windows[0].focused,
  )
})

it('a page that crashes is reloaded and the user is told; one that keeps crashing is not', async () => {
  for (let time = 1; time <= 4; time++) await app.do('crashPage', 'oom')
  const { windows, messages } = await app.until(state => state.messages.length === 4)
  expect(windows[0]?.reloads).toBe(3)
  expect(messages[0]).toMatch(/crashed \(oom\) and was reloaded/)
  expect(messages[3]).toMatch(/keeps crashing/)
})

thorough('closing keeps the place of the window, and the next start restores it if it is on a display', async () => {
  await app.do('moveTo', 2000, 100, 1000, 700)
  await app.do('closeWindow')
  expect(await app.exited).toBe(0)
  expect(JSON.parse(await readFile(join(workspace, 'window.json'), 'utf8'))).toEqual({
    x: 2000,
    y: 100,
    width: 1000,
    height: 700,
    maximised: false,
  })

  app = new DesktopApp(workspace)
  const restored = await app.until(state => state.windows.length === 1)
  expect(restored.windows[0]?.bounds).toEqual({ x: 2000, y: 100, width: 1000, height: 700 })
  await app.do('closeWindow')
  await app.exited

  await writeFile(
    join(workspace, 'window.json'),
    JSON.stringify({ x: 9000, y: 100, width: 1000, height: 700, maximised: false }),
  )
  app = new DesktopApp(workspace)
  const centred = await app.until(state => state.windows.length === 1)
  expect(centred.windows[0]?.bounds).toEqual({ x: 240, y: 70, width: 1440, height: 900 })
})

it('a second instance gives way without opening anything', async () => {
  const second = new DesktopApp(workspace, { STAND_IN_SECOND_INSTANCE: '1' })
  expect(await second.exited).toBe(0)
})

function isRunning(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The folders of the library, as the app's own page would see them. */
async function folderPaths(): Promise<string[]> {
  return (await app.do('folders')).map(folder => folder.path)
}
