export const reddish = (red: number, green: number, blue: number): boolean => red > 150 && green < 110 && blue < 110

/** Where the red pixels of a frame are, in the mean, and how many: fractions of the picture. */
export function red(
  frame: Uint8Array,
  { width, height }: { width: number; height: number },
): { x: number; y: number; share: number } {
  let [x, y, count] = [0, 0, 0]
  for (let at = 0; at < frame.length; at += 3) {
    if (!reddish(frame[at] ?? 0, frame[at + 1] ?? 0, frame[at + 2] ?? 0)) continue
    x += ((at / 3) % width) / width
    y += Math.floor(at / 3 / width) / height
    count += 1
  }
  return { x: x / count, y: y / count, share: count / (width * height) }
}
