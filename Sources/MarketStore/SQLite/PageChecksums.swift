import GRDB
import GRDBSQLite
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A checksum on each page of a database file, written with the page and verified whenever the page is read, so that a
/// byte that changed on the disk is an error and never a number.
///
/// The checksum and its place (the last 8 bytes of a page, where the header reserves 8) are those of SQLite's own
/// `cksumvfs` extension, which can verify the files too. It works below SQLite, as a file system that passes everything
/// else to the system's; a file that does not reserve the 8 bytes is read and written as ever.
///
/// The write-ahead log is left alone: each of its frames has a checksum of SQLite's own over the whole page, so a page that
/// were changed on its way there would make the frame invalid, and recovery after a crash would drop it. A page gets its
/// checksum when a checkpoint copies it into the database.
enum PageChecksums {
    static let reservedBytes: Int32 = 8
    /// A file with this ending gets checksums from its first page on, whichever page is written first.
    static let copySuffix = ".checksums"
    /// Where SQLite's header keeps the number of reserved bytes.
    fileprivate static let reservedOffset = 20

    /// Puts the file system in place; the first call does it.
    static func register() { _ = isRegistered }

    private static let isRegistered: Bool = {
        sqlite3_initialize()
        guard let original = sqlite3_vfs_find(nil) else { return false }
        let wrapper = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        wrapper.initialize(to: original.pointee)
        wrapper.pointee.pNext = nil
        wrapper.pointee.zName = UnsafePointer(strdup("bhav-checksums"))
        let size = (Int(original.pointee.szOsFile) + 15) & ~15
        wrapper.pointee.szOsFile = Int32(size + MemoryLayout<ChecksummedFile>.stride)
        wrapper.pointee.xOpen = openFile
        originals.withLock { $0 = Originals(open: original.pointee.xOpen, fileSize: size) }
        return sqlite3_vfs_register(wrapper, 1) == SQLITE_OK
    }()

    /// Reserves the bytes in a new database; an existing one is copied for it (`VACUUM INTO`).
    static func reserve(in db: Database) {
        var bytes = reservedBytes
        sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes)
    }

    /// The sum of a page but for its last 8 bytes.
    static func sum(_ page: UnsafeRawPointer, count: Int) -> UInt64 {
        var (first, second) = (UInt32(0), UInt32(0))
        var offset = 0
        while offset < count - 8 {
            first = first &+ UInt32(littleEndian: page.load(fromByteOffset: offset, as: UInt32.self)) &+ second
            second = second &+ UInt32(littleEndian: page.load(fromByteOffset: offset + 4, as: UInt32.self)) &+ first
            offset += 8
        }
        return UInt64(second) << 32 | UInt64(first)
    }

    static func isIntact(_ page: UnsafeRawPointer, count: Int) -> Bool {
        UInt64(littleEndian: page.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)) == sum(page, count: count)
    }

    /// How a file begins: the size of its pages, and whether they have checksums; `nil` where it is not a database.
    struct Header {
        let pageSize: Int
        let hasChecksums: Bool

        init?(path: String) {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: 100)
            guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count,
                bytes.withUnsafeBytes({ isDatabaseHeader($0.baseAddress, count: 100) })
            else { return nil }
            let size = Int(bytes[16]) << 8 | Int(bytes[17])
            pageSize = size == 1 ? 65_536 : size
            hasChecksums = bytes[PageChecksums.reservedOffset] == UInt8(PageChecksums.reservedBytes)
        }
    }

    /// The pages of a file whose checksum is wrong, at most 100, also those that hold nothing now. A page may be written
    /// while it is read, so a page that looks damaged is read again.
    static func damagedPages(path: String) -> [Int] {
        guard let header = Header(path: path), header.hasChecksums else { return [] }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var damaged: [Int] = []
        withUnsafeTemporaryAllocation(byteCount: header.pageSize, alignment: 16) { page in
            guard let start = page.baseAddress else { return }
            var number = 0
            func isWhole() -> Bool {
                pread(descriptor, start, page.count, off_t(number) * off_t(page.count)) == page.count
            }
            while damaged.count < 100, isWhole() {
                var attempts = 3
                while !isIntact(start, count: page.count), attempts > 0 {
                    usleep(20_000)
                    attempts = isWhole() ? attempts - 1 : 0
                }
                if !isIntact(start, count: page.count) { damaged.append(number + 1) }
                number += 1
            }
        }
        return damaged
    }
}

// MARK: - The file system

/// The state of an open file, stored after SQLite's own record of it.
private struct ChecksummedFile {
    /// The methods of the system's file.
    let methods: UnsafePointer<sqlite3_io_methods>
    /// Whether pages have checksums.
    var hasChecksums: Bool
}

/// Sendable because it holds a C function and addresses of tables that never change.
private struct Originals: @unchecked Sendable {
    var open:
        (
            @convention(c) (
                UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, Int32,
                UnsafeMutablePointer<Int32>?
            ) -> Int32
        )?
    var fileSize = 0
    /// The methods in place of each table of the system's, by address; there are very few, and they stay.
    var wrappers: [UInt: UInt] = [:]

    mutating func wrapper(of address: UInt) -> UInt {
        if let known = wrappers[address] { return known }
        guard let original = UnsafePointer<sqlite3_io_methods>(bitPattern: address) else { return address }
        let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        table.initialize(to: original.pointee)
        // Without the third version's memory mapping, which would pass by the checksums.
        table.pointee.iVersion = min(original.pointee.iVersion, 2)
        table.pointee.xRead = readFile
        table.pointee.xWrite = writeFile
        wrappers[address] = UInt(bitPattern: table)
        return UInt(bitPattern: table)
    }
}

private let originals = Mutex(Originals())
/// Read for each page, so without the lock; it never changes once a file is open.
private let fileSize = originals.withLock(\.fileSize)

private func state(of file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutablePointer<ChecksummedFile> {
    (UnsafeMutableRawPointer(file) + fileSize).assumingMemoryBound(to: ChecksummedFile.self)
}

private func openFile(
    _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32, _ outFlags: UnsafeMutablePointer<Int32>?
) -> Int32 {
    guard let open = originals.withLock(\.open), let file else { return SQLITE_CANTOPEN }
    let code = open(vfs, name, file, flags, outFlags)
    guard code == SQLITE_OK, flags & SQLITE_OPEN_MAIN_DB != 0, let methods = file.pointee.pMethods else { return code }
    let isCopy = name.map { String(cString: $0).hasSuffix(PageChecksums.copySuffix) } ?? false
    state(of: file).initialize(to: ChecksummedFile(methods: methods, hasChecksums: isCopy))
    let address = UInt(bitPattern: methods)
    file.pointee.pMethods = UnsafePointer(bitPattern: originals.withLock { $0.wrapper(of: address) })
    return code
}

private func readFile(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeMutableRawPointer?, _ count: Int32, _ offset: Int64
) -> Int32 {
    guard let file, let buffer else { return SQLITE_MISUSE }
    let state = state(of: file)
    let code = state.pointee.methods.pointee.xRead(file, buffer, count, offset)
    guard code == SQLITE_OK else { return code }
    state.pointee.notice(buffer, count, offset)
    guard state.pointee.isPage(count), !PageChecksums.isIntact(buffer, count: Int(count)) else { return code }
    return PageChecksums.damaged
}

private func writeFile(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeRawPointer?, _ count: Int32, _ offset: Int64
) -> Int32 {
    guard let file, let buffer else { return SQLITE_MISUSE }
    let state = state(of: file)
    state.pointee.notice(buffer, count, offset)
    if state.pointee.isPage(count) {
        UnsafeMutableRawPointer(mutating: buffer).storeBytes(
            of: PageChecksums.sum(buffer, count: Int(count)).littleEndian, toByteOffset: Int(count) - 8,
            as: UInt64.self)
    }
    return state.pointee.methods.pointee.xWrite(file, buffer, count, offset)
}

extension ChecksummedFile {
    /// Whether a read or write of `count` bytes is that of a page with a checksum.
    fileprivate func isPage(_ count: Int32) -> Bool { hasChecksums && count >= 512 && count & (count - 1) == 0 }

    /// The header of a database says whether its pages have checksums.
    fileprivate mutating func notice(_ bytes: UnsafeRawPointer, _ count: Int32, _ offset: Int64) {
        guard offset == 0, isDatabaseHeader(bytes, count: Int(count)) else { return }
        let reserved = bytes.load(fromByteOffset: PageChecksums.reservedOffset, as: UInt8.self)
        hasChecksums = reserved == UInt8(PageChecksums.reservedBytes)
    }
}

extension PageChecksums {
    /// `SQLITE_IOERR_DATA`.
    static let damaged = SQLITE_IOERR | (32 << 8)
}

private func isDatabaseHeader(_ bytes: UnsafeRawPointer?, count: Int) -> Bool {
    guard let bytes, count >= 100 else { return false }
    return memcmp(bytes, "SQLite format 3", 16) == 0
}
