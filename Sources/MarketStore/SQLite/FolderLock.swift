#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Locks a folder for one process, by `flock` on a file in it; released with the last reference or the process.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says who has it.
    init(path: String) throws(StoreError) {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw FolderLock.refusal(of: path, error: errno) }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let holder = FolderLock.holder(of: opened)
            close(opened)
            let who = holder.isEmpty ? "another process" : "process \(holder)"
            throw StoreError(.inUse, "\(who) holds the store (\(path)); stop it, or give this one another folder")
        }
        descriptor = opened
        let process = "\(getpid())\n"
        ftruncate(opened, 0)
        _ = process.withCString { write(opened, $0, strlen($0)) }
    }

    deinit { close(descriptor) }

    /// Puts a file in the place of another one in a single step, once it is on the disk.
    static func replace(_ path: String, by copy: String) throws(StoreError) {
        let file = open(copy, O_RDONLY | O_CLOEXEC)
        guard file >= 0, fsync(file) == 0, rename(copy, path) == 0 else {
            if file >= 0 { close(file) }
            throw FolderLock.refusal(of: path, error: errno)
        }
        close(file)
    }

    private static func holder(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return "" }
        return String(decoding: bytes.prefix(count).prefix { (48...57).contains($0) }, as: UTF8.self)
    }

    private static func refusal(of path: String, error: Int32) -> StoreError {
        let said = String(cString: strerror(error))
        switch error {
        case EACCES, EPERM, EROFS:
            return StoreError(.readOnly, "the store's folder may not be written (\(path): \(said)); check who owns it")
        case ENOSPC, EDQUOT:
            return StoreError(.full, "the disk of the store's folder is full (\(path)); make room and try again")
        default:
            return StoreError(.cannotOpen, "the store's lock cannot be opened (\(path): \(said))")
        }
    }
}
