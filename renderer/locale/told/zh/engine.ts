import type { ToldWords } from '../recognise.ts'

/** Of the engine, its devices and its programs, and of verifying them. */
export const engineZh: ToldWords = {
  '{} ({} threads)': '{}（{} 个线程）',
  'slower than the CPU here, as a renderer in software is: used only when asked for':
    '在此慢于 CPU，如同软件渲染：仅在指定时使用',
  'There is no device ‘{}’; choose one of {}.': '没有设备“{}”；请选择 {} 之一。',
  'Computing on the CPU. {}': '正在用 CPU 计算。{}',
  'Computing on the CPU, because {} was refused: {}.': '正在用 CPU 计算，因为 {} 不可用：{}。',
  'it does not exist on this system': '此系统上没有它',
  'products of 8 bits were not tried': '未试测 8 位乘积',
  'int8 has weights in 7 bits on this processor: {}.': '在此处理器上 int8 的权重为 7 位：{}。',
  'Computing in fp32, because {} was refused: {}.': '正在用 fp32 计算，因为 {} 不可用：{}。',
  'only the CPU has products of 8 bits, and the model computes on {}': '只有 CPU 有 8 位乘积，而模型在 {} 上计算',
  'the CPU would convert back and forth; int8 is what makes it faster': 'CPU 需要来回转换；int8 才会使它更快',
  'not tried': '未试测',
  'The engine gave no answer for {} s while {} and was ended; it starts again by itself: try once more, and choose another device in Settings if it happens again.':
    '推理引擎在 {1} 时 {0} 秒没有应答，已被结束；它会自行重启：请再试一次，如果再次发生，请在“设置”中选择其他设备。',
  'The engine process ended unexpectedly ({}) while {}; it starts again by itself: try once more, and choose the CPU in Settings or free some memory if it happens again.':
    '推理引擎进程在 {1} 时意外结束（{0}）；它会自行重启：请再试一次，如果再次发生，请在“设置”中选择 CPU，或释放内存。',
  'signal {}': '信号 {}',
  'it could not be started': '未能启动',
  'The engine was stopped before the work was done; start it again to go on.':
    '推理引擎在完成之前被停止；重新启动即可继续。',
  'a program in memory': '内存中的程序',
  'loading {}': '加载 {}',
  'an unexpected answer of type {}': '类型为 {} 的意外应答',
  'Running {} on the device ‘{}’ failed: {}{}.': '在设备“{1}”上运行 {0} 失败：{2}{3}。',
  ' — choose the CPU in Settings if it happens again': '；如果再次发生，请在“设置”中选择 CPU',
  'running {}': '运行 {}',
  'describing a program': '读取程序的描述',
  'releasing a program': '释放程序',
  'allocating memory': '分配内存',
  'clearing memory': '清空内存',
  'writing memory': '写入内存',
  'reading memory': '读取内存',
  'freeing memory': '释放内存',
  'moving weights': '移动权重',
  'The engine was started anew and what it held in memory, such as weights being trained, is gone; go on from the last checkpoint.':
    '推理引擎已重新启动，内存中的内容（例如正在训练的权重）已丢失；请从最后一个检查点继续。',
  'The engine failed while {}: {}; free some memory or train less of the model.':
    '推理引擎在 {} 时失败：{}；请释放内存，或减少训练的部分。',
  'changing the device': '更换设备',
  '{} runs on the CPU because ‘{}’ refused it: {}.': '{} 改用 CPU 运行，因为“{}”拒绝了它：{}。',
  '{} cannot be loaded on the device ‘{}’: {}.': '{} 无法在设备“{}”上加载：{}。',
  'it computes wrong results (a broken driver)': '它的计算结果错误（驱动有问题）',
  'its sums of 8-bit products overflow, as on every processor without VNNI':
    '其 8 位乘积之和会溢出，没有 VNNI 的处理器都是如此',
  'no graphics driver that it can use was found (it needs Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS)':
    '没有找到可用的显卡驱动（Linux 需要 Vulkan，Windows 需要 Direct3D 12，macOS 需要 Metal）',
  'its libraries are not installed or do not load (`npm run install-cuda` fetches them; they need an NVIDIA driver, CUDA 12 and cuDNN 9)':
    '其程序库未安装或无法加载（`npm run install-cuda` 可获取；需要 NVIDIA 驱动、CUDA 12 和 cuDNN 9）',
  'this build of ONNX Runtime does not contain it': '此版本的 ONNX Runtime 不含它',
  'it cannot run a matrix product itself': '它自己不能计算矩阵乘积',
  'the driver crashed the probe ({})': '驱动使检测崩溃（{}）',
  'the driver gave no answer within {} s': '驱动在 {} 秒内没有应答',
  'free some space and try again': '请释放空间后重试',
  'The model has {} video stages and {} text layers; ask for at most as many, or train everything.':
    '模型有 {} 个视频阶段和 {} 个文本层；请不要超过，或训练全部。',
  'Case ‘{}’ needs textIds of shape [B, M, L] or [B, choices, M, L] and video of shape [B, T, H, W, 3]; correct the fixture.':
    '用例“{}”需要形状为 [B, M, L] 或 [B, choices, M, L] 的 textIds 和形状为 [B, T, H, W, 3] 的 video；请更正核对用例。',
  'Case ‘{}’ takes {} videos and {} texts; give as many of both.': '用例“{}”有 {} 个视频和 {} 条文本；两者数量应相同。',
  'The fixture takes index {} of {} generated videos; correct verify.json.':
    '核对用例取了 {1} 个生成视频中的第 {0} 个；请更正 verify.json。',
  'The fixture generates {} videos of shape [{}], more than an array of a fixture may hold; take fewer rows.':
    '核对用例生成 {} 个形状为 [{}] 的视频，超过其数组的上限；请减少行数。',
  'of shape [{}]': '的形状为 [{}]',
  'The input {} is {}, but its outputs need [{}]; correct the fixture.':
    '输入 {} {}，而其输出需要 [{}]；请更正核对用例。',
  'a fixture': '核对用例',
  '{} cannot be read as JSON; a fixture is a folder with a verify.json.':
    '{} 无法作为 JSON 读取；核对用例是含 verify.json 的文件夹。',
  '{} is not a fixture of format lfvila-fixture/1: at {}, {}; docs/fixtures.md describes the format.':
    '{} 不是 lfvila-fixture/1 格式的核对用例：在 {} 处，{}；格式见 docs/fixtures.md。',
  'its top': '其顶层',
  'The fixture names {}, which lies outside {}; move it inside.': '核对用例指明了 {1} 之外的 {0}；请移到其中。',
  'The fixture takes index {} along axis {} of an array of shape [{}]; correct verify.json.':
    '核对用例沿轴 {1} 取形状为 [{2}] 的数组的第 {0} 个；请更正 verify.json。',
  'The fixture gives “values” that are not a regular array of numbers; correct verify.json.':
    '核对用例给出的“values”不是规则的数值数组；请更正 verify.json。',
  '{} cannot be read; the fixture is incomplete.': '无法读取 {}；核对用例不完整。',
  '{} is not an array that can be read: {}; write it with numpy.save.':
    '{} 不是可以读取的数组：{}；请用 numpy.save 写出。',
  'the file does not begin as a .npy file': '文件的开头不是 .npy 文件的',
  'version {} of the format is unknown': '格式版本 {} 未知',
  'its header is too long': '其文件头过长',
  'its type {} is not one of {}': '其类型 {} 不是 {} 之一',
  'it ends before its {} values': '它不足 {} 个数值就结束了',
  'its header lacks descr, fortran_order or shape': '其文件头缺少 descr、fortran_order 或 shape',
  'it is in Fortran order (use numpy.ascontiguousarray)': '它是 Fortran 顺序（请用 numpy.ascontiguousarray）',
  'its shape is none': '其形状无效',
  '{} must hold RGB frames [B, T, H, W, 3] or [B, 3, T, H, W], not [{}].':
    '{} 必须含 RGB 帧 [B, T, H, W, 3] 或 [B, 3, T, H, W]，而不是 [{}]。',
  '{} holds numbers up to {}; save frames as uint8, as numbers in 0–1, or normalised as the published model takes them.':
    '{} 含有大至 {} 的数；请把帧存为 uint8、0–1 的数，或像发布的模型那样归一化。',
  'The fixture has no case ‘{}’; it has {}.': '核对用例文件夹中没有用例“{}”；其中有 {}。',
  'A case that trains is verified in fp32 only.': '训练的用例只以 fp32 核对。',
  'This case has no output {}; correct the fixture.': '该用例没有输出 {}；请更正核对用例。',
  "{}: the computed values and the fixture's differ in number, or one of them is not a number.":
    '{}：计算值与核对用例的数值个数不同，或其中之一不是数字。',
  '{} names {}, which the loss {} of this case does not train; correct the fixture.':
    '{0} 指明了 {1}，而该用例的损失 {2} 不训练它；请更正核对用例。',
  '{} does not hold the names of weights as {"names": […]}; correct the fixture.':
    '{} 没有以 {"names": […]} 给出权重的名称；请更正核对用例。',
  '{} Verify on another device.': '{} 请在其他设备上核对。',
}
