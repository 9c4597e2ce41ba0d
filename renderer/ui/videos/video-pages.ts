/** Pages that look at one video, which stays chosen from one to the next. */
export const videoPages = ['alignment', 'attention', 'questions'] as const
export type VideoPage = (typeof videoPages)[number]

export function isVideoPage(name: unknown): name is VideoPage {
  return videoPages.some(page => page === name)
}
