// Shows the thread sanitizer the waits of Swift's Mutex.
//
// A Mutex that no thread holds is taken and given back by atomic operations in the caller's own code, which the sanitizer
// sees. Where a thread has to wait, the runtime library does it, which is not instrumented: without this, everything that
// a contended Mutex protects is reported as a race. Loaded with LD_PRELOAD by scripts/sanitize.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *

extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slowly(uint32_t state, SELF self) __asm__(LOCK);
SWIFT bool try_slowly(SELF self) __asm__(TRY);
SWIFT void unlock_slowly(SELF self) __asm__(UNLOCK);

SWIFT void lock_slowly(uint32_t state, SELF self) {
    static SWIFT void (*next)(uint32_t, SELF);
    if (!next) next = dlsym(RTLD_NEXT, LOCK);
    next(state, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT bool try_slowly(SELF self) {
    static SWIFT bool (*next)(SELF);
    if (!next) next = dlsym(RTLD_NEXT, TRY);
    bool taken = next(self);
    if (taken && __tsan_acquire) __tsan_acquire(self);
    return taken;
}

SWIFT void unlock_slowly(SELF self) {
    static SWIFT void (*next)(SELF);
    if (!next) next = dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(self);
    next(self);
}
