/** Where the window of a host may load from, beyond its own origin. */
export interface ContentSources {
  /** Sources of pictures and video, for instance `media:`; the own origin needs no mention. */
  media: string[]
}

/**
 * The headers every page and script of the window is served with, in all hosts: only the window's own
 * scripts run, nothing is loaded from elsewhere, no other page can frame it, and it can use no sensor.
 */
export function windowHeaders(sources: ContentSources): Record<string, string> {
  const media = ["'self'", ...sources.media].join(' ')
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // Scripts position popovers and rows through style attributes; style elements and sheets stay our own.
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "font-src 'self'",
    "worker-src 'self'",
    `img-src ${media} data: blob:`,
    `media-src ${media}`,
    `connect-src ${media}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), display-capture=()',
  }
}
