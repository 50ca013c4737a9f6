"""Which system calls a candidate's process may make. What stands in no list does not exist for it (ENOSYS), so that a newer Linux
does not widen what it can do."""

# fmt: off
ALLOWED = {
    "files that are open":
    "read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek close close_range dup dup2 dup3 fstat "
    "fstatfs fsync fdatasync syncfs sync sync_file_range ftruncate fallocate fadvise64 readahead sendfile copy_file_range "
    "splice tee fcntl ioctl getdents getdents64 fchdir fchmod fchown",
    "files by name":
    "open openat openat2 creat stat lstat newfstatat statx statfs access faccessat faccessat2 truncate getcwd chdir rename "
    "renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat readlink readlinkat chmod "
    "fchmodat fchmodat2 chown lchown fchownat umask mknod mknodat utime utimes utimensat futimesat getxattr lgetxattr "
    "fgetxattr listxattr llistxattr flistxattr",
    "waiting":
    "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 "
    "signalfd signalfd4 timerfd_create timerfd_settime timerfd_gettime pipe pipe2",
    "memory":
    "mmap mprotect munmap brk mremap msync madvise mlock mlock2 munlock mlockall munlockall membarrier get_mempolicy "
    "set_mempolicy mbind pkey_alloc pkey_free pkey_mprotect mseal map_shadow_stack",
    "processes and threads":
    "clone fork vfork execve execveat exit exit_group wait4 waitid getpid getppid gettid getpgid getpgrp setpgid getsid "
    "setsid prctl arch_prctl set_tid_address set_robust_list get_robust_list rseq futex futex_waitv futex_wake futex_wait "
    "futex_requeue set_thread_area get_thread_area pidfd_open restart_syscall getrusage times",
    "its own standing":
    "getpriority setpriority ioprio_get ioprio_set getrlimit setrlimit prlimit64 sched_yield sched_getaffinity "
    "sched_setaffinity sched_getparam sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max "
    "sched_get_priority_min sched_rr_get_interval sched_getattr sched_setattr",
    "signals":
    "kill tkill tgkill pidfd_send_signal rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait "
    "rt_sigqueueinfo rt_tgsigqueueinfo rt_sigsuspend sigaltstack pause alarm setitimer getitimer",
    "identity, of which it has only one":
    "getuid geteuid getgid getegid getgroups getresuid getresgid setuid setgid setreuid setregid setresuid setresgid "
    "setgroups setfsuid setfsgid capget capset",
    "time":
    "time gettimeofday clock_gettime clock_getres nanosleep clock_nanosleep timer_create timer_settime timer_gettime "
    "timer_getoverrun timer_delete",
    "the machine": "uname sysinfo getcpu getrandom",
    "sockets":
    "socket socketpair connect bind listen accept accept4 getsockname getpeername sendto recvfrom sendmsg recvmsg sendmmsg "
    "recvmmsg shutdown getsockopt setsockopt",
}
REFUSED = {
    "a new tree of files":
    "mount umount2 pivot_root chroot mount_setattr move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick "
    "statmount listmount",
    "other namespaces": "unshare setns",
    "other processes":
    "ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp pidfd_getfd move_pages migrate_pages",
    "files behind the tree": "open_by_handle_at name_to_handle_at lookup_dcookie",
    "watching files that others use":
    "fanotify_init fanotify_mark inotify_init inotify_init1 inotify_add_watch inotify_rm_watch cachestat mincore",
    "interfaces with a history of holes":
    "bpf perf_event_open userfaultfd keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register vmsplice "
    "remap_file_pages personality",
    "memory that no limit counts":
    "shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink mq_timedsend "
    "mq_timedreceive mq_notify mq_getsetattr memfd_create memfd_secret setxattr lsetxattr fsetxattr removexattr "
    "lremovexattr fremovexattr setxattrat removexattrat",
    "the machine":
    "init_module finit_module delete_module create_module query_module get_kernel_syms kexec_load kexec_file_load reboot "
    "swapon swapoff acct syslog quotactl quotactl_fd settimeofday clock_settime clock_adjtime adjtimex sethostname "
    "setdomainname iopl ioperm modify_ldt nfsservctl vhangup uselib ustat sysfs _sysctl vserver set_mempolicy_home_node",
    "the wall itself":
    "seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self lsm_get_self_attr lsm_set_self_attr "
    "lsm_list_modules",
}
# fmt: on
GRANTED = "flock"  # answered with success and not done
MISSING = "clone3"  # said not to exist: libc has another way, clone


def names(lists: dict[str, str]) -> list[str]:
    return " ".join(lists.values()).split()
