import type { ToldWords } from '../recognise.ts'

/** Of the library, its captions and its videos. */
export const libraryZh: ToldWords = {
  'rename it if it does not belong to the video.': '如果它不属于该视频，请重命名。',
  '{} holds no sentence: write one sentence per line, or delete it.': '{} 中没有句子：请每行写一个句子，或删除它。',
  '{} has {} sentences, more than the {} that captions may have: rename it if it does not belong to the video.':
    '{} 有 {} 个句子，超过字幕允许的 {} 个：如果它不属于该视频，请重命名。',
  'line {}: “{}”': '第 {} 行：“{}”',
  '{} has 1 subtitle that cannot be read, in {}.': '{} 有 1 条无法读取的字幕，在{}。',
  '{} has {} subtitles that cannot be read, the first in {}.': '{} 有 {} 条无法读取的字幕，第一条在{}。',
  '{} has 1 subtitle that begins before 0 or ends before it begins, in {}; it is taken from 0, or for a moment.':
    '{} 有 1 条字幕在 0 之前开始或在开始之前结束，在{}；已从 0 开始，或只取一瞬。',
  '{} has {} subtitles that begin before 0 or end before they begin, the first in {}; they are taken from 0, or for a moment.':
    '{} 有 {} 条字幕在 0 之前开始或在开始之前结束，第一条在{}；已从 0 开始，或只取一瞬。',
  '{} counts frames and nothing says how many make a second, so that its sentences have no times: put a first line such as “{}” with the frame rate of the video.':
    '{} 以帧计数，而没有说明每秒多少帧，因此其句子没有时间：请加上“{}”这样写有视频帧率的首行。',
  '{} has subtitles whose times cannot be read: each needs a line such as “{}”.':
    '{} 中的字幕时间无法读取：每条字幕都需要“{}”这样的一行。',
  '{} is not a subtitle file: no line such as “{}” is in it.': '{} 不是字幕文件：其中没有“{}”这样的行。',
  '{} has pictures of subtitles ({}) and no text: recognise the text with a subtitle program, and put it beside the video as SubRip (.srt).':
    '{} 含字幕图片（{}）而没有文本：请用字幕软件识别文本，并以 SubRip（.srt）放在视频旁。',
  '{} has subtitles in the form {}, which is not read: convert it with a subtitle program, and put it beside the video as SubRip (.srt) or WebVTT (.vtt).':
    '{} 中的字幕是 {} 形式，无法读取：请用字幕软件转换，并以 SubRip（.srt）或 WebVTT（.vtt）放在视频旁。',
  '{} ends sentence {} before it begins: correct it.': '{} 的第 {} 个句子在开始之前结束：请更正。',
  '{} has a time before 0 in sentence {}: correct it.': '{} 的第 {} 个句子的时间在 0 之前：请更正。',
  '{} is not valid JSON ({}): correct or delete it.': '{} 不是有效的 JSON（{}）：请更正或删除。',
  '{} is JSON but no captions: it must be a list of sentences, a list of {text, start, end}, or {sentences, timestamps}.':
    '{} 是 JSON 但不是字幕：应为句子列表、{text, start, end} 的列表，或 {sentences, timestamps}。',
  '{} has {} sentences but {} timestamps: each sentence needs one.':
    '{} 有 {} 个句子，却有 {} 个时间：每个句子需要一个。',
  '“{}” cannot be a tag: write 1 to {} characters without a comma.':
    '“{}”不能作为标签：请写 1 至 {} 个字符，不含逗号。',
  'There is another view called “{}”: choose another name.': '已有另一个名为“{}”的视图：请换一个名称。',
  'There is no view {} any more: it was deleted.': '视图 {} 已不存在：它已被删除。',
  'There is no sentence of {} to save: add one, or delete the caption file yourself.':
    '{} 没有可保存的句子：请添加一个，或自行删除字幕文件。',
  'The captions of {} were edited in another window meanwhile: they are shown now as that left them.':
    '{} 的字幕刚刚在另一窗口中被编辑：现在显示的是那里的结果。',
  'A tier of this video is called ‘{}’ already: give another name.': '该视频已有名为“{}”的标注层：请换一个名称。',
  'A video has {} tiers at most: remove one first.': '一个视频最多有 {} 个标注层：请先移除一个。',
  'The tier ‘{}’ was edited in another window meanwhile: it is shown now as that left it.':
    '标注层“{}”同时在另一个窗口中被编辑：现在显示那边的结果。',
  'That tier is not there any more: another window has removed it.': '该标注层已不存在：另一个窗口已将其移除。',
  '{} is about {}, not about {}.': '{} 是关于 {} 的，而不是关于 {} 的。',
  'The tier ‘{}’ of {} has {} spans, more than the {} that a tier may have.':
    '{1} 的标注层“{0}”有 {2} 个区间，超过一个标注层允许的 {3} 个。',
  '{} has no tier ‘{}’ with annotations; it has {}.': '{} 没有带标注的标注层“{}”；它有 {}。',
  '{} has no span to write: make one on its timeline first.': '{} 没有可写入的区间：请先在其时间轴上建立一个。',
  '{} cannot be written: check the permissions of its folder. The edited captions stay in the workspace.':
    '无法写入 {}：请检查其文件夹的权限。编辑过的字幕仍保留在工作区中。',
  'There is no opened folder {}: it was removed.': '没有已打开的文件夹 {}：它已被移除。',
  '{} is no ordinary file but a pipe, a socket or a device: remove it, or give it another name.':
    '{} 不是普通文件，而是管道、套接字或设备：请删除它，或改名。',
  '{} has a name that is not valid UTF-8: rename it, then rescan.': '{} 的名称不是有效的 UTF-8：请重命名后重新扫描。',
  'Scan the demo library': '扫描演示视频库',
  'Index the demo library': '索引演示视频库',
  'Index {}': '索引 {}',
  'Scan {}': '扫描 {}',
  'Scan all folders': '扫描所有文件夹',
  'Read {} again': '重新读取 {}',
  'Read {} videos again': '重新读取 {} 个视频',
  'Put videos back into the list': '把视频放回列表',
  '{} holds videos in tar archives, as {}, which a library does not list: unpack them to search and play them; as labelled data they are read in place.':
    '{} 的 tar 归档（如 {}）中有视频，视频库不列出它们：要检索和播放请解包；作为标注数据可直接读取。',
  'No videos found in {} (looked for {}).': '在 {} 中没有找到视频（查找的类型：{}）。',
  '{} is not there any more: it was deleted, moved or renamed.': '{} 已不在那里：它被删除、移动或重命名了。',
  'What changed in the opened folders since the last start could not be found out ({}): rescan to be sure.':
    '无法得知上次启动以来已打开文件夹中的变化（{}）：请重新扫描以确保无误。',
  "Not all of {} can be watched because the system's limit of watched files is reached: raise fs.inotify.max_user_watches, or rescan after changes.":
    '无法监视 {} 的全部内容，因为已达到系统监视文件数的上限：请提高 fs.inotify.max_user_watches，或在改动后重新扫描。',
  'Not all of {} can be watched because too many files are open: rescan after changes.':
    '无法监视 {} 的全部内容，因为打开的文件过多：请在改动后重新扫描。',
  '{} cannot be watched ({}): rescan after changes.': '无法监视 {}（{}）：请在改动后重新扫描。',
  '{} is still being written: rescan when it is complete.': '{} 仍在写入：请在写完后重新扫描。',
  '{} is empty (0 bytes): copy or download it again.': '{} 是空文件（0 字节）：请重新复制或下载。',
  '{} could not be examined because of an error in the program ({}): please report it with the file.':
    '因程序错误未能检查 {}（{}）：请连同该文件一起报告。',
  '{} is not ready: wait until the scan has looked at it, or scan again.':
    '{} 尚未就绪：请等扫描检查过它，或重新扫描。',
  'There is no video {} in the library: its folder was removed.': '视频库中没有视频 {}：其文件夹已被移除。',
  '{} has stories of another seed or with other options; give an empty folder, or the options of these: {}.':
    '{} 中已有其他种子或选项的故事；请给出空文件夹，或使用这些故事的选项：{}。',
  'The disk of {}': '{} 的磁盘',
  'The demo library cannot be written to {}; choose a folder you may write to.':
    '演示视频库无法写入 {}；请选择有写入权限的文件夹。',
  '{} cannot run ({}); install ffmpeg again or name another one in the settings.':
    '{} 无法运行（{}）；请重新安装 ffmpeg，或在设置中指定另一个。',
  'exit code {}': '退出码 {}',
  '{} was ended by {} before it had finished, as happens when memory runs short; this says nothing of the file it read: close other programs and try again.':
    '{} 在完成之前被 {} 结束，内存不足时会这样；这不说明所读文件有问题：请关闭其他程序后重试。',
  '{} did not get the memory, threads or files that it needed ({}); this says nothing of the file it read: close other programs and try again.':
    '{} 没有得到所需的内存、线程或文件（{}）；这不说明所读文件有问题：请关闭其他程序后重试。',
  '{} lost the drive that it read from ({}); this says nothing of the file: connect the drive again and try again.':
    '{} 在读取时失去了所在的驱动器（{}）；这不说明文件有问题：请重新连接驱动器后重试。',
  '{} could not be started just now ({}): close other programs and try again.':
    '{} 刚才未能启动（{}）：请关闭其他程序后重试。',
  '{} cannot be started ({}); install ffmpeg again or name another one in the settings.':
    '{} 无法启动（{}）；请重新安装 ffmpeg，或在设置中指定另一个。',
  'a signal': '信号',
  'the crash 0x{}': '崩溃 0x{}',
  'not permitted': '没有权限',
  'the settings': '设置',
  '{} name {} as {}, but there is no program that can be run; correct the path or clear it.':
    '{} 把 {} 指定为 {}，但那里没有可运行的程序；请更正或清除该路径。',
  '{} was not found, and no video can be read without it: {}': '没有找到 {}，没有它就无法读取视频：{}',
  'install it with “sudo apt install ffmpeg” (Debian, Ubuntu), “sudo dnf install ffmpeg-free” (Fedora) or “sudo pacman -S ffmpeg” (Arch), or set its path in Settings.':
    '请用“sudo apt install ffmpeg”（Debian、Ubuntu）、“sudo dnf install ffmpeg-free”（Fedora）或“sudo pacman -S ffmpeg”（Arch）安装，或在“设置”中指定路径。',
  'install it with “brew install ffmpeg”, or set its path in Settings.':
    '请用“brew install ffmpeg”安装，或在“设置”中指定路径。',
  'install it with “winget install Gyan.FFmpeg” and start the workbench again, or set its path in Settings.':
    '请用“winget install Gyan.FFmpeg”安装并重新启动工作台，或在“设置”中指定路径。',
  'install ffmpeg from https://ffmpeg.org/download.html, or set its path in Settings.':
    '请从 https://ffmpeg.org/download.html 安装 ffmpeg，或在“设置”中指定路径。',
  'the disk is full': '磁盘已满',
  'they cannot be written ({})': '无法写入（{}）',
  'the frame cache is full ({}); a larger one would make later epochs faster':
    '帧缓存已满（{}）；更大的缓存会使以后的轮次更快',
  'the disk is almost full': '磁盘即将满',
  'Decoded frames are no longer kept: {}. What is not kept is decoded again in every epoch.':
    '不再保留解码后的帧：{}。未保留的帧在每个轮次都要重新解码。',
  '{} is not there any more: it was deleted, moved or its drive is not connected.':
    '{} 已不在那里：它被删除或移动了，或其驱动器未连接。',
  '{} cannot be read ({}); check its permissions and its drive.': '{} 无法读取（{}）；请检查其权限和驱动器。',
  'Make a playable copy of {}': '生成 {} 的可播放副本',
  'The installed ffmpeg can encode neither H.264 nor VP9, so this video cannot be shown; install a complete ffmpeg build.':
    '已安装的 ffmpeg 不能编码 H.264 或 VP9，因此无法显示此视频；请安装完整版 ffmpeg。',
  'The installed ffmpeg cannot encode {}, so no playable copy of {} can be made; install a complete ffmpeg build.':
    '已安装的 ffmpeg 不能编码 {}，因此无法生成 {} 的可播放副本；请安装完整版 ffmpeg。',
  'The disk of {} is full, so no playable copy of {} could be made; free some space.':
    '{} 的磁盘已满，无法生成 {} 的可播放副本；请释放空间。',
  'ffmpeg gave no reason': 'ffmpeg 没有说明原因',
  'No playable copy of {} could be made ({}); convert it to H.264 with another program.':
    '无法生成 {} 的可播放副本（{}）；请用其他程序把它转换为 H.264。',
  '{} is a folder or a device, not a video file.': '{} 是文件夹或设备，不是视频文件。',
  '{} is empty (0 bytes); copy or download it again.': '{} 是空文件（0 字节）；请重新复制或下载。',
  "{} may not be read by this user; change the file's permissions.": '当前用户无权读取 {}；请更改文件权限。',
  '{} cannot be read ({}); check the file and its drive.': '{} 无法读取（{}）；请检查文件及其驱动器。',
  '{} is incomplete: its index (the moov atom) is missing, as in a download or recording that was cut off; copy or download it again.':
    '{} 不完整：缺少索引（moov atom），常见于中断的下载或录制；请重新复制或下载。',
  '{} begins like a video but cannot be opened: the file is damaged or cut off; copy or download it again.':
    '{} 的开头像视频，但无法打开：文件已损坏或被截断；请重新复制或下载。',
  '{} is not a video, whatever its name says: its contents are no known video format.':
    '{} 不是视频，尽管名称如此：其内容不是已知的视频格式。',
  '{} has sound but no picture: it is an audio file, not a video.': '{} 有声音但没有画面：它是音频文件，不是视频。',
  '{} has no video stream, so there is nothing to watch or index in it.': '{} 没有视频流，因此没有可观看或索引的内容。',
  '{} is stored with the codec “{}”, which the installed ffmpeg cannot decode; convert the file to H.264 or install an ffmpeg built with that decoder.':
    '{} 使用编码“{}”，已安装的 ffmpeg 无法解码；请把文件转换为 H.264，或安装带有该解码器的 ffmpeg。',
  '{} announces a video stream but holds no readable picture: the file is damaged or incomplete; copy or download it again.':
    '{} 声明有视频流，但没有可读的画面：文件已损坏或不完整；请重新复制或下载。',
  'it holds no readable frame': '其中没有可读的帧',
  '{} ends after {} s of the {} s it announces: it is incomplete, and times after that show its last frame.':
    '{} 声明有 {2} 秒，但在 {1} 秒处结束：文件不完整，之后的时间显示其最后一帧。',
  'No frame of {} can be decoded ({}); the file is damaged or incomplete: copy or download it again.':
    '{} 没有任何一帧可以解码（{}）；文件已损坏或不完整：请重新复制或下载。',
  '{} of {} frames of {} could not be decoded and are replaced by the nearest decodable frame.':
    '{2} 的 {1} 帧中有 {0} 帧无法解码，以最近的可解码帧代替。',
  'The clock of {} jumps once, as where recordings were joined: its times go on from there as if it had not.':
    '{} 的时钟跳跃了一次，常见于拼接的录像：其后的时间按没有跳跃计算。',
  'The clock of {} jumps {} times, as where recordings were joined: its times go on from there as if it had not.':
    '{} 的时钟跳跃了 {} 次，常见于拼接的录像：其后的时间按没有跳跃计算。',
  '{} of {} pictures stored in {} cannot be decoded and are left out.':
    '{2} 中存储的 {1} 幅画面有 {0} 幅无法解码，已略去。',
}
