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
  'The model ‘{}’ reads text and video apart, so no word attends to a frame; choose one of these kinds: {}.':
    '模型“{}”分开读取文本和视频，因此没有词关注帧；请选择这些类型之一：{}。',
  'There is no layer {}: the model ‘{}’ reads text and video together in {} layers, counted from 0.':
    '没有层 {}：模型“{}”在 {} 层中同时读取文本和视频，从 0 计数。',
  'There is no head {}: the layers of the model ‘{}’ that read text and video together have {} heads, counted from 0.':
    '没有头 {}：模型“{}”中同时读取文本和视频的层有 {} 个头，从 0 计数。',
  'A moment cannot be above itself: choose two different ones.': '一个时刻不能排在自己前面：请选择两个不同的时刻。',
  'No clip of {} lies within {} to {} s: search again, and ask of a moment that is found.':
    '{} 没有片段位于 {} 到 {} 秒之内：请重新检索，并询问找到的时刻。',
  'No caption of {} tells of this segment: type a text, or look at the whole video.':
    '{} 没有关于此分段的字幕：请输入文本，或查看整个视频。',
  'The job stopped because of an error in the program: {}': '任务因程序错误而停止：{}',
  'There is no job {} any more: it was dismissed.': '任务 {} 已不存在：它已被关闭。',
  '“{}” has not ended yet: cancel it first.': '“{}”尚未结束：请先取消。',
  'The program that did this was ended before it was done, and it is not taken up again by itself: ask for it again.':
    '执行此任务的程序在完成之前被结束，任务不会自行继续：请重新执行。',
  '{} more files failed and are not listed here.': '还有 {} 个文件失败，未在此列出。',
  'Its embedding holds something that is no number: read the file again and index it.':
    '其嵌入向量中含有非数字：请重新读取该文件并索引。',
  'Map the videos': '生成视频地图',
  'Map the clips': '生成片段地图',
  'There is nothing to look for on the map: type a sentence or a paragraph.':
    '没有要在地图上查找的内容：请输入一个句子或段落。',
  'There is no map of the {} yet: compute it first.': '还没有{}的地图：请先计算。',
  'Only the first {} of {} sentences were looked for; look for the others apart.':
    '只查找了 {1} 个句子中的前 {0} 个；请另行查找其余的。',
  'The model gave no number for an answer; check its weights with `model verify`.':
    '模型没有给出答案的数值；请用 `model verify` 核对其权重。',
  'The model ‘{}’ is of kind {}, which answers no questions; choose one of these kinds: {}.':
    '模型“{}”的类型为 {}，不能回答问题；请选择这些类型之一：{}。',
  'the question': '问题',
  'There is no question; write one.': '没有问题；请写一个。',
  'This model chooses among answers that are given to it; give at least two.':
    '此模型从给定的答案中选择；请至少给出两个。',
  '{} is longer than the {} tokens that the model reads; the rest was left out.':
    '{} 超过模型可读的 {} 个词元；其余部分已略去。',
  'The question': '问题',
  'Answer {}': '答案 {}',
  '{} segments of this pass are so affected.': '这一遍中有 {} 个分段如此。',
  '{} was deleted or moved while it was being read; put it back and try again.':
    '{} 在读取时被删除或移动；请放回后重试。',
  '{} has changed since its folder was scanned; scan again, and the new content is indexed.':
    '{} 在扫描其文件夹之后有改动；请重新扫描，新内容会被索引。',
  'Index the library': '索引视频库',
  'Index {} videos': '索引 {} 个视频',
  '{} (segment {} of {})': '{}（分段 {}/{}）',
  '{} was deleted or moved while it was being indexed; put it back and index again.':
    '{} 在索引时被删除或移动；请放回后重新索引。',
  '{} is larger than {} MB, which is as much as can be searched with: cut the part out that matters, or open the file in the library.':
    '{} 大于可用于检索的 {} MB：请截取重要的部分，或在视频库中打开该文件。',
  'The file that was searched with is not kept any more: choose it again.': '用于检索的文件已不再保留：请重新选择。',
  '{} is no picture that can be read: choose a JPEG or PNG file.': '{} 不是可以读取的图片：请选择 JPEG 或 PNG 文件。',
  '{} is not indexed with the model in use, so nothing can be compared with it: index it first.':
    '{} 没有用当前模型索引，无法与之比较：请先索引。',
  'There is nothing to search for: type a sentence or a paragraph.': '没有要检索的内容：请输入一个句子或段落。',
  'Only the first {} of {} sentences were searched for moments; search for the others separately.':
    '只用 {1} 个句子中的前 {0} 个检索了时刻；请另行检索其余的。',
  'There is no dense index, so moments are the few clips of each overview; index with the dense pass for moments every few seconds.':
    '没有密集索引，时刻只是每个概览的少数片段；用密集采样索引后，每隔几秒就有时刻。',
  '{} indexed for another model or another way of sampling and {} not searched; index again to include {}.':
    '{0} 是为其他模型或其他取帧方式索引的，没有参与检索；请重新索引以纳入。',
  '{} not indexed and {} not searched; index the library to include {}.':
    '{0} 没有索引，没有参与检索；请索引视频库以纳入。',
  '1 video is': '1 个视频',
  '{} videos are': '{} 个视频',
  'There is nothing of {} between {} and {} seconds: it is {} seconds long.':
    '{} 在 {} 秒与 {} 秒之间没有内容：它长 {} 秒。',
  '‘{}’ encodes segments of {} frames, not single pictures: the picture was repeated {} times, so nothing moves in what was searched for.':
    '“{}”编码的是 {} 帧的分段，而不是单张图片：图片被重复了 {} 次，因此用来检索的内容没有运动。',
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
  '{} could not be written: the disk': '无法写入 {}：磁盘',
  'There is no room for {}: pictures and attention maps are shown, but not kept; free some space.':
    '没有空间保存 {}：图片和注意力图会显示，但不保留；请释放空间。',
  '{} is a folder: open it as one.': '{} 是文件夹：请作为文件夹打开。',
  '{} is no ordinary file: choose a video file.': '{} 不是普通文件：请选择视频文件。',
  '{} is not there: it was deleted, moved or renamed, or its drive is not connected.':
    '{} 不在那里：它被删除、移动或重命名了，或其驱动器未连接。',
  '{} is a file, not a folder: choose the folder that contains it.': '{} 是文件，不是文件夹：请选择它所在的文件夹。',
  '{} may not be read by this user: change its permissions, then rescan.':
    '当前用户无权读取 {}：请更改其权限，然后重新扫描。',
  '{} is a link that leads back to itself: remove it or correct where it points.':
    '{} 是指回自身的链接：请删除或更正其目标。',
  '{} has a path too long for the system: shorten the names of its folders.':
    '{} 的路径对系统来说过长：请缩短其文件夹的名称。',
  '{} could not be opened because too many files are open: close other programs, then rescan.':
    '因为打开的文件过多，无法打开 {}：请关闭其他程序，然后重新扫描。',
  '{} cannot be read because its drive reports an error: check the drive, then rescan.':
    '因为驱动器报告错误，无法读取 {}：请检查驱动器，然后重新扫描。',
  '{} cannot be read ({}): check the file and its drive, then rescan.':
    '{} 无法读取（{}）：请检查文件及其驱动器，然后重新扫描。',
  '{} is a {}, but the export is a {}; give another path.': '{} 是{}，而导出的是{}；请给出其他路径。',
  folder: '文件夹',
  file: '文件',
  '{} exists already; give another path, or replace it with --overwrite.':
    '{} 已存在；请给出其他路径，或用 --overwrite 替换。',
  '{} is a folder that no export has written, and is not replaced; give another path.':
    '{} 是文件夹，且不是由导出写出的，不会被替换；请给出其他路径。',
  '{} was changed or put there after the export was asked for, and is not replaced; look at it, and export again.':
    '{} 在要求导出之后被改动或放到那里，不会被替换；请查看后重新导出。',
  'The disk that {} was to be written on': '要写入 {} 的磁盘',
  'free some space, or give a path on another disk': '请释放空间，或给出其他磁盘上的路径',
  '{} cannot be written; check the permissions of its folder or give another path.':
    '无法写入 {}；请检查其文件夹的权限，或给出其他路径。',
  'The settings file {} cannot be read, so the default settings are used: check its permissions.':
    '无法读取设置文件 {}，因此使用默认设置：请检查其权限。',
  'The settings file was not readable as settings, so the default settings are used; the old file is kept as {}.broken.':
    '设置文件无法作为设置读取，因此使用默认设置；旧文件保留为 {}.broken。',
  'The settings file {} is not readable as settings, so the default settings are used: correct or delete it.':
    '设置文件 {} 无法作为设置读取，因此使用默认设置：请更正或删除。',
  'The workspace {} cannot be written ({}): choose another folder with --workspace or LFVILA_WORKSPACE.':
    '无法写入工作区 {}（{}）：请用 --workspace 或 LFVILA_WORKSPACE 选择其他文件夹。',
  'is not UTF-8 in one place, where “�” stands: correct it and save it as UTF-8.':
    '有一处不是 UTF-8，显示为“�”：请更正并存为 UTF-8。',
  'is not UTF-8 in {} places, where “�” stands: correct it and save it as UTF-8.':
    '有 {} 处不是 UTF-8，显示为“�”：请更正并存为 UTF-8。',
  'is not UTF-8 and was read as {}: save it as UTF-8 if characters are wrong.':
    '不是 UTF-8，已按 {} 读取：如果字符有误，请存为 UTF-8。',
  'The vector store {} cannot be used ({}): check the address, and its access in the environment (docs/scale.md).':
    '无法使用向量库 {}（{}）：请检查地址，以及环境变量中的访问凭据（docs/scale.md）。',
  '{} Until then the embeddings of the workspace itself are used.': '{}在此之前使用工作区自己的嵌入。',
  'The vector store is not named in the browser, because whoever has its URL could have anything written: start the workbench with --store URI, or name it in the desktop app.':
    '不能在浏览器中指定向量库，否则任何知道其网址的人都可以向任意位置写入：请以 --store URI 启动工作台，或在桌面应用中指定。',
  '{} is to be embedded by another model, or sampled otherwise, than this worker does with ‘{}’: start it with the --model, --precision and settings that the queue was filled with.':
    '{} 应由另一模型或以另一取帧方式嵌入，而此工作进程使用“{}”：请以填充队列时的 --model、--precision 和设置启动它。',
  '{} has another content here than where the queue was filled: fill the queue again, or give this machine the same files at the same paths.':
    '{} 在此处的内容与填充队列时不同：请重新填充队列，或让本机在相同路径上有相同的文件。',
  'Redis at {} cannot be reached ({}): start redis-server there, or correct --redis.':
    '无法连接 {} 上的 Redis（{}）：请在那里启动 redis-server，或更正 --redis。',
  'This committer was silent for too long, and another one writes now: end this one, or start it again to stand by.':
    '此写入进程过久没有响应，现在由另一个进程写入：请结束它，或重新启动它以作备用。',
  'Programs are not named in the browser, because whoever has its URL could run any: start the workbench with LFVILA_{}=PATH, or name {} in the desktop app.':
    '不能在浏览器中指定程序，否则任何知道其网址的人都可以运行任意程序：请以 LFVILA_{}=PATH 启动工作台，或在桌面应用中指定 {}。',
  'In the browser exports go below {}; give a path there, start the workbench with --export-dir FOLDER, or export on its command line.':
    '在浏览器中只能导出到 {} 之下；请给出那里的路径，以 --export-dir FOLDER 启动工作台，或在其命令行导出。',
  'The model ‘{}’ has random weights: everything works, but scores and attention mean nothing. Import trained weights and use them.':
    '模型“{}”的权重是随机的：一切功能都可用，但分数和注意力没有意义。请导入训练过的权重并使用。',
  'The model ‘{}’ was trained on drawn stories, for learning the tool; for real footage, download or import a model on the Models page.':
    '模型“{}”用绘制的故事训练，供学习本工具；对于真实影像，请在“模型”页下载或导入模型。',
  'Follow ‘{}’ over {}': '在 {1} 的各步跟踪“{0}”',
  'Report to {}': '生成报告 {}',
  'Make the demo library': '生成演示视频库',
  'Index what changed': '索引有改动的视频',
  'Scan what changed': '扫描有改动的文件',
  '{} is too long for a report of one small file ({} min); cut out the part that matters and report on that.':
    '{} 太长（{} 分钟），放不进一个小文件的报告；请截取重要的部分再生成报告。',
  'A report is a web page: let {} end with .html.': '报告是一个网页：请让 {} 以 .html 结尾。',
  'The clips and sentences alone fill a report of {} MB; take the overview, or fewer sentences.':
    '仅片段和句子就占满了 {} MB 的报告；请改用概览，或减少句子。',
  'No frame of {} is left without what was cut out of it.': '{} 去掉剪切的部分之后没有剩下任何帧。',
  'A video cannot be above itself: choose two different ones.': '视频不能排在自己之上：请选择两个不同的视频。',
  'There is nothing to change: type a sentence.': '没有可更改的内容：请输入一个句子。',
}
