import type { ToldWords } from '../recognise.ts'

/** Of the workbench: storage, jobs, search, map, analysis. */
export const workbenchZh: ToldWords = {
  'There is nothing to align: type a sentence or a paragraph.': '没有可对齐的内容：请输入一个句子或段落。',
  'There are no captions beside {}: type a text, or put a .txt, .srt, .vtt or .json file of the same name beside it.':
    '{} 旁没有字幕：请输入文本，或在旁边放一个同名的 .txt、.srt、.vtt 或 .json 文件。',
  'There is no patch at frame {}, row {}, column {}: stage {} has {} frames of {} × {} patches, counted from 0.':
    '第 {0} 帧、第 {1} 行、第 {2} 列没有图像块：阶段 {3} 有 {4} 帧，每帧 {5} × {6} 个图像块，从 0 计数。',
  'The model {} has no temporal windows to show; choose an LF-VILA model.':
    '模型 {} 没有可显示的时间窗口；请选择 LF-VILA 模型。',
  'There is no stage {}: the model {} has {} stages, counted from 0.': '没有阶段 {}：模型 {} 有 {} 个阶段，从 0 计数。',
  'There is no block {} in stage {}: it has {} blocks, counted from 0.':
    '阶段 {1} 中没有块 {0}：它有 {2} 个块，从 0 计数。',
  'There is no job {} any more: it was dismissed.': '任务 {} 已不存在：它已被关闭。',
  '“{}” has not ended yet: cancel it first.': '“{}”尚未结束：请先取消。',
  'There is nothing to look for on the map: type a sentence or a paragraph.':
    '没有要在地图上查找的内容：请输入一个句子或段落。',
  'There is no map of the {} yet: compute it first.': '还没有{}的地图：请先计算。',
  'The model gave no number for an answer; check its weights with `model verify`.':
    '模型没有给出答案的数值；请用 `model verify` 核对其权重。',
  'The model ‘{}’ is of kind {}, which answers no questions; choose one of these kinds: {}.':
    '模型“{}”的类型为 {}，不能回答问题；请选择这些类型之一：{}。',
  'There is no question; write one.': '没有问题；请写一个。',
  'This model chooses among answers that are given to it; give at least two.':
    '此模型从给定的答案中选择；请至少给出两个。',
  '{} was deleted or moved while it was being read; put it back and try again.':
    '{} 在读取时被删除或移动；请放回后重试。',
  '{} has changed since its folder was scanned; scan again, and the new content is indexed.':
    '{} 在扫描其文件夹之后有改动；请重新扫描，新内容会被索引。',
  '{} is larger than {} MB, which is as much as can be searched with: cut the part out that matters, or open the file in the library.':
    '{} 大于可用于检索的 {} MB：请截取重要的部分，或在视频库中打开该文件。',
  'The file that was searched with is not kept any more: choose it again.': '用于检索的文件已不再保留：请重新选择。',
  '{} is no picture that can be read: choose a JPEG or PNG file.': '{} 不是可以读取的图片：请选择 JPEG 或 PNG 文件。',
  '{} is not indexed with the model in use, so nothing can be compared with it: index it first.':
    '{} 没有用当前模型索引，无法与之比较：请先索引。',
  'There is nothing to search for: type a sentence or a paragraph.': '没有要检索的内容：请输入一个句子或段落。',
  'There is nothing of {} between {} and {} seconds: it is {} seconds long.':
    '{} 在 {} 秒与 {} 秒之间没有内容：它长 {} 秒。',
  'The embeddings in {} could not be written because the disk is full: free some space and try again.':
    '因为磁盘已满，无法写入 {} 中的嵌入向量：请释放空间后重试。',
  'The library database {} cannot be opened: check that its folder exists and may be written.':
    '无法打开视频库数据库 {}：请检查其文件夹是否存在并可写入。',
  'The library database {} was written by a newer version of LF-VILA Workbench (schema {}, this one knows {}): install that version, or choose another workspace.':
    '视频库数据库 {} 由更新版本的 LF-VILA Workbench 写出（结构版本 {}，此版本认识 {}）：请安装该版本，或选择其他工作区。',
  'The library database {} is damaged: move it aside together with its -wal and -shm files (or put back a copy), start again and open your folders; the videos themselves are untouched.':
    '视频库数据库 {} 已损坏：请把它连同其 -wal 和 -shm 文件移走（或放回备份），重新启动并打开您的文件夹；视频本身没有受影响。',
  'The library database {} is held by another program: wait for it to finish or close it, then try again.':
    '视频库数据库 {} 被其他程序占用：请等它完成或关闭它，然后重试。',
  'The library database {} could not be written because the disk is full: free some space and try again.':
    '因为磁盘已满，无法写入视频库数据库 {}：请释放空间后重试。',
  'The library database {} cannot be read or written ({}): check the disk and the permissions of its folder.':
    '视频库数据库 {} 无法读写（{}）：请检查磁盘及其文件夹的权限。',
  '{} is {}.': '{} 是{}。',
  'a folder: open it as one': '文件夹：请作为文件夹打开',
  'no ordinary file: choose a video file': '非普通文件：请选择视频文件',
  '{} is a {}, but the export is a {}; give another path.': '{} 是{}，而导出的是{}；请给出其他路径。',
  folder: '文件夹',
  file: '文件',
  '{} exists already; give another path, or replace it with --overwrite.':
    '{} 已存在；请给出其他路径，或用 --overwrite 替换。',
  '{} is a folder that no export has written, and is not replaced; give another path.':
    '{} 是文件夹，且不是由导出写出的，不会被替换；请给出其他路径。',
  '{} was changed or put there after the export was asked for, and is not replaced; look at it, and export again.':
    '{} 在要求导出之后被改动或放到那里，不会被替换；请查看后重新导出。',
  '{} cannot be written; check the permissions of its folder or give another path.':
    '无法写入 {}；请检查其文件夹的权限，或给出其他路径。',
  'The workspace {} cannot be written ({}): choose another folder with --workspace or LFVILA_WORKSPACE.':
    '无法写入工作区 {}（{}）：请用 --workspace 或 LFVILA_WORKSPACE 选择其他文件夹。',
  'Programs are not named in the browser, because whoever has its URL could run any: start the workbench with LFVILA_{}=PATH, or name {} in the desktop app.':
    '不能在浏览器中指定程序，否则任何知道其网址的人都可以运行任意程序：请以 LFVILA_{}=PATH 启动工作台，或在桌面应用中指定 {}。',
  'In the browser exports go below {}; give a path there, start the workbench with --export-dir FOLDER, or export on its command line.':
    '在浏览器中只能导出到 {} 之下；请给出那里的路径，以 --export-dir FOLDER 启动工作台，或在其命令行导出。',
}
