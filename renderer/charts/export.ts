/** Hands a file to the user the way a browser does; the desktop app asks where to. */
export function saveFile(name: string, content: Blob) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export function saveJson(name: string, value: unknown) {
  saveFile(name, new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }))
}

/** RFC 4180: quoted where needed, CRLF between records. */
export function saveCsv(name: string, rows: readonly (readonly (string | number)[])[]) {
  const field = (value: string | number) => {
    const text = String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  saveFile(name, new Blob([rows.map(row => row.map(field).join(',')).join('\r\n')], { type: 'text/csv' }))
}

/** The video's name without its ending, as the beginning of file names. */
export function fileStem(name: string): string {
  return name.replace(/\.[^.]+$/, '').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-') || 'video'
}
