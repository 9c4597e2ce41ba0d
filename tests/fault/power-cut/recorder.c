// Preloaded into a process and its children: writes down, in their order, what they do to files below POWER_CUT_ROOT
// and when they ask for it to be on the disk. power-cut.ts makes of it what a disk may hold when the power fails.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static const char *root;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

static int below(const char *path) {
  return log_file >= 0 && root && strncmp(path, root, strlen(root)) == 0 && path[strlen(root)] == '/';
}

// The absolute path that a name means from a folder on; false where it lies elsewhere.
static int at(int folder, const char *name, char *path) {
  if (log_file < 0 || !name) return 0;
  if (name[0] == '/') {
    snprintf(path, PATH_MAX, "%s", name);
  } else {
    char base[PATH_MAX], link[64];
    if (folder == AT_FDCWD) {
      if (!getcwd(base, sizeof base)) return 0;
    } else {
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      ssize_t length = readlink(link, base, sizeof base - 1);
      if (length < 0) return 0;
      base[length] = 0;
    }
    snprintf(path, PATH_MAX, "%.2000s/%.2000s", base, name);
  }
  return below(path);
}

static int of(int file, char *path) {
  if (log_file < 0 || file == log_file) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

// A record: operation, lengths of two paths, offset, length of the data; then these three.
static void note(char operation, const char *path, const char *other, uint64_t offset, const void *data, size_t size) {
  struct __attribute__((packed)) {
    uint8_t operation;
    uint16_t path, other;
    uint64_t offset;
    uint32_t size;
  } head = {(uint8_t)operation, (uint16_t)strlen(path), (uint16_t)strlen(other), offset, (uint32_t)size};
  struct iovec parts[] = {{&head, sizeof head},
                          {(void *)path, head.path},
                          {(void *)other, head.other},
                          {(void *)data, size}};
  ssize_t (*write_parts)(int, const struct iovec *, int) = real("writev");
  if (write_parts(log_file, parts, 4) < 0) abort();
}

#define OPENS(name, first, folder)                                                       \
  int name first {                                                                       \
    mode_t mode = 0;                                                                     \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                               \
      va_list rest;                                                                      \
      va_start(rest, flags);                                                             \
      mode = va_arg(rest, mode_t);                                                       \
      va_end(rest);                                                                      \
    }                                                                                    \
    char path[PATH_MAX];                                                                 \
    int noted = (flags & (O_CREAT | O_TRUNC)) && at(folder, file, path);                 \
    if (noted) pthread_mutex_lock(&lock);                                                \
    int result = OPEN_##name;                                                            \
    if (noted) {                                                                         \
      int error = errno;                                                                 \
      if (result >= 0 && (flags & O_CREAT)) note('c', path, "", 0, "", 0);               \
      if (result >= 0 && (flags & O_TRUNC)) note('t', path, "", 0, "", 0);               \
      pthread_mutex_unlock(&lock);                                                       \
      errno = error;                                                                     \
    }                                                                                    \
    return result;                                                                       \
  }
#define OPEN_open ((int (*)(const char *, int, ...))real("open"))(file, flags, mode)
#define OPEN_open64 ((int (*)(const char *, int, ...))real("open64"))(file, flags, mode)
#define OPEN_openat ((int (*)(int, const char *, int, ...))real("openat"))(folder, file, flags, mode)
#define OPEN_openat64 ((int (*)(int, const char *, int, ...))real("openat64"))(folder, file, flags, mode)
OPENS(open, (const char *file, int flags, ...), AT_FDCWD)
OPENS(open64, (const char *file, int flags, ...), AT_FDCWD)
OPENS(openat, (int folder, const char *file, int flags, ...), folder)
OPENS(openat64, (int folder, const char *file, int flags, ...), folder)

// What was written, wherever its pieces lay, by looking at the file itself.
static void note_written(int file, const char *path, off64_t start, ssize_t size) {
  char *data = malloc(size);
  char own[PATH_MAX];
  snprintf(own, sizeof own, "/proc/self/fd/%d", file);
  int (*open_file)(const char *, int, ...) = real("open64");
  int reading = open_file(own, O_RDONLY | O_CLOEXEC);
  ssize_t read_back = reading < 0 ? -1 : pread64(reading, data, size, start);
  if (read_back != size) abort();
  close(reading);
  note('w', path, "", start, data, size);
  free(data);
}

#define WRITES(name, parameters, call, start)                        \
  ssize_t name parameters {                                          \
    char path[PATH_MAX];                                             \
    if (!of(file, path)) return call;                                \
    pthread_mutex_lock(&lock);                                       \
    ssize_t result = call;                                           \
    int error = errno;                                               \
    if (result > 0) note_written(file, path, start, result);         \
    pthread_mutex_unlock(&lock);                                     \
    errno = error;                                                   \
    return result;                                                   \
  }
#define HERE lseek64(file, 0, SEEK_CUR) - result
WRITES(write, (int file, const void *data, size_t size), REAL(write)(file, data, size), HERE)
WRITES(writev, (int file, const struct iovec *parts, int count), REAL(writev)(file, parts, count), HERE)
WRITES(pwrite, (int file, const void *data, size_t size, off_t place), REAL(pwrite)(file, data, size, place), place)
WRITES(pwrite64, (int file, const void *data, size_t size, off64_t place), REAL(pwrite64)(file, data, size, place), place)
WRITES(pwritev, (int file, const struct iovec *parts, int count, off_t place),
       REAL(pwritev)(file, parts, count, place), place)
WRITES(pwritev64, (int file, const struct iovec *parts, int count, off64_t place),
       REAL(pwritev64)(file, parts, count, place), place)

// Copying in the system itself is not seen: programs copy by hand then.
ssize_t copy_file_range(int from, off64_t *start, int to, off64_t *place, size_t size, unsigned flags) {
  if (log_file < 0) return REAL(copy_file_range)(from, start, to, place, size, flags);
  errno = ENOSYS;
  return -1;
}

#define FILES(name, parameters, call, letter, offset)                \
  int name parameters {                                              \
    char path[PATH_MAX];                                             \
    if (!of(file, path)) return call;                                \
    pthread_mutex_lock(&lock);                                       \
    int result = call;                                               \
    int error = errno;                                               \
    if (result == 0) note(letter, path, "", offset, "", 0);          \
    pthread_mutex_unlock(&lock);                                     \
    errno = error;                                                   \
    return result;                                                   \
  }
FILES(fsync, (int file), REAL(fsync)(file), 's', 0)
FILES(fdatasync, (int file), REAL(fdatasync)(file), 's', 0)
FILES(ftruncate, (int file, off_t size), REAL(ftruncate)(file, size), 't', size)
FILES(ftruncate64, (int file, off64_t size), REAL(ftruncate64)(file, size), 't', size)

// Names are changed by system calls that not every library makes through the C library, so these calls are trapped: the
// handler makes them in its own way, which the filter knows by their last argument, and writes them down.
#define OWN 0x706f776572ull

static long own_call(long number, const long *words) {
  return syscall(number, words[0], words[1], words[2], words[3], words[4], (long)OWN);
}

static void on_call(int signal, siginfo_t *info, void *context) {
  (void)signal;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  long words[] = {registers[REG_RDI], registers[REG_RSI], registers[REG_RDX], registers[REG_R10], registers[REG_R8]};
  const char *first = (const char *)words[0], *second = (const char *)words[1];
  char one[PATH_MAX], other[PATH_MAX] = "";
  char letter = 0;
  int known = 0;
  switch (info->si_syscall) {
    case SYS_rename: letter = 'r'; known = at(AT_FDCWD, first, one) && at(AT_FDCWD, second, other); break;
    case SYS_link: letter = 'l'; known = at(AT_FDCWD, first, one) && at(AT_FDCWD, second, other); break;
    case SYS_renameat:
    case SYS_renameat2: letter = 'r'; known = at(words[0], second, one) && at(words[2], (const char *)words[3], other); break;
    case SYS_linkat: letter = 'l'; known = at(words[0], second, one) && at(words[2], (const char *)words[3], other); break;
    case SYS_unlink:
    case SYS_rmdir: letter = 'u'; known = at(AT_FDCWD, first, one); break;
    case SYS_unlinkat: letter = 'u'; known = at(words[0], second, one); break;
    case SYS_mkdir: letter = 'm'; known = at(AT_FDCWD, first, one); break;
    case SYS_mkdirat: letter = 'm'; known = at(words[0], second, one); break;
  }
  if (known) pthread_mutex_lock(&lock);
  long result = own_call(info->si_syscall, words);
  int error = errno;
  if (known) {
    if (result == 0) note(letter, one, other, 0, "", 0);
    pthread_mutex_unlock(&lock);
  }
  registers[REG_RAX] = result == -1 ? -error : result;
}

#define TRAP(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)

static void trap(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)OWN, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      TRAP(SYS_rename), TRAP(SYS_renameat), TRAP(SYS_renameat2), TRAP(SYS_link), TRAP(SYS_linkat),
      TRAP(SYS_unlink), TRAP(SYS_unlinkat), TRAP(SYS_rmdir), TRAP(SYS_mkdir), TRAP(SYS_mkdirat),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
  REAL(sigaction)(SIGSYS, &action, NULL);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) abort();
}

// Node gives every signal back to the system when it starts.
int sigaction(int signal, const struct sigaction *action, struct sigaction *old) {
  if (signal == SIGSYS && action && log_file >= 0) return 0;
  return REAL(sigaction)(signal, action, old);
}

__attribute__((constructor)) static void begin(void) {
  root = getenv("POWER_CUT_ROOT");
  const char *file = getenv("POWER_CUT_LOG");
  if (!root || !file) return;
  int (*open_file)(const char *, int, ...) = real("open");
  log_file = open_file(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (log_file >= 0) trap();
}
